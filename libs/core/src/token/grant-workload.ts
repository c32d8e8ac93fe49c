import type { EpochSeconds } from '../shared/clock.ts';

/** As whom a client authenticated by the word of its platform. `iat`: when that was given, where it says so. */
export interface GrantWorkload {
  readonly iss: string;
  readonly sub: string;
  readonly iat?: EpochSeconds;
}
