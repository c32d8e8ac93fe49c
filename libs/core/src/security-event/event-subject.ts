import { readName } from '../jwt/claims.ts';
import { cutOffName, type CutOffName } from '../revocation/cut-off.ts';
import { isJsonObject, type JsonObject } from '../shared/strict-json.ts';

/** Whom an event is about, as far as this broker knows such things. */
export interface EventSubject {
  readonly user: CutOffName | null;
  readonly session: CutOffName | null;
  readonly device: CutOffName | null;
  /** It names somebody of another issuer. */
  readonly isForeign: boolean;
}

const NOBODY: EventSubject = { user: null, session: null, device: null, isForeign: false };
const STRANGER: EventSubject = { ...NOBODY, isForeign: true };

/** Members of a complex subject that are told apart here (SSF 1.0 §3.2). */
const PARTS = ['user', 'session', 'device'] as const;

/**
 * Reads a subject identifier (RFC 9493; SSF 1.0 for `complex`). Formats that name nobody here leave their part empty:
 * that is no fault of the event.
 *
 * In   value   `sub_id`
 *      issuer  of the event: addresses, sessions and devices are its own
 * Out  null when it is no subject identifier
 */
export function readEventSubject(value: unknown, issuer: string): EventSubject | null {
  if (!isJsonObject(value) || typeof value['format'] !== 'string') return null;
  if (value['format'] !== 'complex') return readUser(value, issuer);
  let subject = NOBODY;
  for (const part of PARTS) {
    const member = value[part];
    if (member === undefined) continue;
    if (!isJsonObject(member) || typeof member['format'] !== 'string') return null;
    const read = part === 'user' ? readUser(member, issuer) : readThing(part, member, issuer);
    if (read === null) return null;
    const { isForeign } = subject;
    subject = { ...subject, [part]: read[part], isForeign: isForeign || read.isForeign };
  }
  return subject;
}

/** A device that stands alone, as events about devices have it too. */
export function readEventDevice(value: unknown, issuer: string): EventSubject | null {
  return isJsonObject(value) && value['format'] !== 'complex' ? readThing('device', value, issuer) : null;
}

function readUser(value: JsonObject, issuer: string): EventSubject | null {
  switch (value['format']) {
    case 'iss_sub': {
      const name = readName(value['sub'], 255);
      if (name === null || typeof value['iss'] !== 'string') return null;
      return value['iss'] === issuer
        ? { ...NOBODY, user: cutOffName('subject', { issuer, name }) }
        : STRANGER;
    }
    case 'email': {
      const name = readName(value['email'], 320);
      return name === null ? null : { ...NOBODY, user: cutOffName('email', { issuer, name }) };
    }
    default:
      return NOBODY;
  }
}

/** A session or a device, by the name that its issuer has for it. */
function readThing(part: 'session' | 'device', value: JsonObject, issuer: string): EventSubject | null {
  const isOpaque = value['format'] === 'opaque';
  if (!isOpaque && value['format'] !== 'iss_sub') return NOBODY;
  const name = readName(isOpaque ? value['id'] : value['sub']);
  if (name === null) return null;
  if (!isOpaque && value['iss'] !== issuer) return STRANGER;
  return part === 'session'
    ? { ...NOBODY, session: cutOffName('session', { issuer, name }) }
    : { ...NOBODY, device: { kind: 'device', id: name } };
}
