import { decodeBase64url } from '../shared/base64url.ts';
import type { EpochMs } from '../shared/clock.ts';
import { isJsonObject } from '../shared/strict-json.ts';
import { DocumentReader } from './document-reader.ts';
import type { Read } from './read-registrations.ts';

/** A device of somebody, known by its keys. */
export interface DeviceRegistration {
  readonly id: string;
  readonly owner: { readonly issuer: string; readonly subject: string };
  /** RFC 7638 thumbprints. */
  readonly keys: readonly string[];
  readonly platform: string;
  /** When it last proved what it is; null: never. */
  readonly attestedAt: EpochMs | null;
}

const MAX_KEYS = 8;

/** As registrations have it, and what device managements number their devices with. */
const DEVICE_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** RFC 3339, to the second or the millisecond, in UTC. */
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3})?Z$/;

/** Reads a device: `id`, `owner`, `keys`, `platform`, and `attested_at` where it was. */
export function readDevice(document: unknown): Read<DeviceRegistration> {
  const read = new DocumentReader(document, ['id', 'owner', 'keys', 'platform', 'attested_at']);
  const registration = {
    id: read.text('id', DEVICE_ID),
    owner: readOwner(read),
    keys: readKeys(read),
    platform: read.text('platform', /^[a-z0-9][a-z0-9 ._-]{0,63}$/i),
    attestedAt: readTime(read),
  };
  return read.problems.length === 0 ? { registration } : { problems: read.problems };
}

function readOwner(read: DocumentReader): DeviceRegistration['owner'] {
  const owner = read.value('owner');
  const members = isJsonObject(owner) ? owner : {};
  for (const member of Object.keys(members)) {
    if (member !== 'issuer' && member !== 'subject') read.refuse('owner', 'has issuer and subject alone');
  }
  const { issuer, subject } = members;
  const isIssuer =
    typeof issuer === 'string' && issuer.length <= 1024 && /^https?:\/\/[^\s?#]+$/.test(issuer);
  if (!isIssuer) read.refuse('owner/issuer', 'must be the issuer of an identity provider');
  const isSubject = typeof subject === 'string' && /^[ -~]{1,255}$/.test(subject);
  if (!isSubject) read.refuse('owner/subject', 'must be a subject, printable ASCII of 1 to 255 characters');
  return { issuer: isIssuer ? issuer : '', subject: isSubject ? subject : '' };
}

function readKeys(read: DocumentReader): readonly string[] {
  const keys = read.texts('keys');
  if (read.problems.some(({ pointer }) => pointer === '#/keys')) return [];
  if (keys.length === 0 || keys.length > MAX_KEYS || new Set(keys).size < keys.length) {
    read.refuse('keys', `must be a list of 1 to ${MAX_KEYS} thumbprints, each once`);
  }
  for (const [at, key] of keys.entries()) {
    if (decodeBase64url(key)?.length !== 32) read.refuse(`keys/${at}`, 'must be a thumbprint (RFC 7638)');
  }
  return keys;
}

function readTime(read: DocumentReader): EpochMs | null {
  const text = read.optionalText('attested_at', TIME);
  const at = text === null || text === '' ? null : Date.parse(text);
  if (at === null || !Number.isNaN(at)) return at;
  read.refuse('attested_at', 'must be a time that there is');
  return null;
}
