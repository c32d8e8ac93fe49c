import { readNumericDate } from '../jwt/claims.ts';
import type { CutOff, CutOffChange, CutOffName } from '../revocation/cut-off.ts';
import type { EpochMs } from '../shared/clock.ts';
import type { EventSubject } from './event-subject.ts';
import type { SecurityEvent } from './security-event.ts';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';

/** Narrowest: one session where it is named. Everywhere: the user. Of a device, its tokens, whoever has them. */
type Reach = 'narrowest' | 'user' | 'device';

interface Effect {
  readonly reach: Reach;
  readonly change: 'cut' | 'block' | 'lift';
}

type Weigh = (claims: SecurityEvent['claims']) => Effect | null;

const always =
  (reach: Reach, change: Effect['change']): Weigh =>
  () => ({ reach, change });

/** What each event does here. Others are taken and do nothing (CAEP 1.0 §3; RISC 1.0 §2). */
const EFFECTS: Readonly<Record<string, Weigh>> = {
  [`${CAEP}session-revoked`]: always('narrowest', 'cut'),
  [`${RISC}sessions-revoked`]: always('user', 'cut'),
  [`${CAEP}credential-change`]: ({ change_type: change }) =>
    change === 'create' ? null : { reach: 'user', change: 'cut' },
  [`${CAEP}assurance-level-change`]: ({ change_direction: direction }) =>
    direction === 'increase' ? null : { reach: 'user', change: 'cut' },
  [`${CAEP}risk-level-change`]: ({ current_level: level }) =>
    level === 'LOW' || level === 'MEDIUM' ? null : { reach: 'narrowest', change: 'cut' },
  [`${CAEP}device-compliance-change`]: ({ current_status: status }) => ({
    reach: 'device',
    change: status === 'compliant' ? 'lift' : 'block',
  }),
  [`${RISC}account-credential-change-required`]: always('user', 'cut'),
  [`${RISC}credential-compromise`]: always('user', 'cut'),
  [`${RISC}identifier-changed`]: always('user', 'cut'),
  [`${RISC}identifier-recycled`]: always('user', 'cut'),
  [`${RISC}account-disabled`]: always('user', 'block'),
  [`${RISC}account-purged`]: always('user', 'block'),
  [`${RISC}account-enabled`]: always('user', 'lift'),
};

/**
 * What an event cuts off. A value that an event should not have counts as the worst that it could mean.
 *
 * Out  at most one cut-off; none where the event does nothing here, or names nobody
 */
export function effectsOf({ type, claims }: SecurityEvent, subject: EventSubject): readonly CutOff[] {
  const effect = Object.hasOwn(EFFECTS, type) ? EFFECTS[type]?.(claims) : null;
  if (effect === null || effect === undefined) return [];
  const name = nameOf(subject, effect.reach);
  return name === null ? [] : [{ ...name, change: changeOf(effect, claims) }];
}

/** Is the event about the compliance of devices, whose subject may be a device alone? */
export function isAboutDevice(type: string): boolean {
  return type === `${CAEP}device-compliance-change`;
}

/** When it happened, by its own word; null when it does not say. */
export function happenedAt({ claims }: Pick<SecurityEvent, 'claims'>): EpochMs | null {
  const seconds = readNumericDate(claims['event_timestamp']);
  return seconds === null ? null : seconds * 1000;
}

function nameOf({ user, session, device }: EventSubject, reach: Reach): CutOffName | null {
  switch (reach) {
    case 'device':
      return device;
    case 'user':
      return user;
    case 'narrowest':
      return session ?? user ?? device;
  }
}

function changeOf({ change }: Effect, claims: SecurityEvent['claims']): CutOffChange {
  return change === 'cut' ? { is: 'cut', upTo: happenedAt({ claims }) } : { is: change };
}
