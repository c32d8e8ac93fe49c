import { OAuthError } from '../../errors/oauth-error.ts';
import type { CutOff } from '../../revocation/cut-off.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { effectsOf, isAboutDevice } from '../event-effects.ts';
import { readEventDevice, readEventSubject, type EventSubject } from '../event-subject.ts';
import type { SecurityEvent } from '../security-event.ts';
import type { AuthenticatedEvent } from './authenticate-event.ts';

export type WeighedEvent = Evidence<'WeighedEvent', { event: SecurityEvent; cutOffs: readonly CutOff[] }>;

/**
 * Finds out whom the event is about and what it comes to. A transmitter speaks of its own users and sessions, and of
 * devices where it was registered to.
 *
 * In     authenticated  evidence from `authenticateEvent`
 * Out    WeighedEvent; without a cut-off where nobody here is meant
 * Fails  event.malformed | event.foreign_subject
 * Spec   RFC 9493 §3; SSF 1.0 §3; CAEP 1.0 §3; RISC 1.0 §2
 */
export function weighEvent({ event, source }: AuthenticatedEvent): WeighedEvent {
  const subject = readSubject(event);
  if (subject === null) throw new OAuthError('event.malformed', 'sub_id is no subject identifier');
  if (subject.isForeign) throw new OAuthError('event.foreign_subject', 'of another issuer');
  const cutOffs = effectsOf(event, subject);
  if (cutOffs.some(({ kind }) => kind === 'device') && !source.transmitter.devices) {
    throw new OAuthError('event.foreign_subject', 'a device');
  }
  return attest<WeighedEvent>({ event, cutOffs });
}

function readSubject({ type, subject, issuer }: SecurityEvent): EventSubject | null {
  const device = isAboutDevice(type) ? readEventDevice(subject, issuer) : null;
  return device ?? readEventSubject(subject, issuer);
}
