import type { InactiveReason } from '../errors/inactivities.ts';

/** A token that is not honoured. A value, not an error: being asked about dead tokens is ordinary. */
export interface Inactive {
  readonly inactive: InactiveReason;
  /** The token lives and was presented for something that it does not permit; three of these kill it. */
  readonly isMismatch: boolean;
}

export function inactive(reason: InactiveReason): Inactive {
  return { inactive: reason, isMismatch: false };
}

export function mismatch(reason: InactiveReason): Inactive {
  return { inactive: reason, isMismatch: true };
}

export function isInactive(step: object): step is Inactive {
  return 'inactive' in step;
}
