import type { EpochSeconds } from '../shared/clock.ts';
import type { Sealer } from '../token/token-sealer.ts';

/** Every caller token begins with it; secret scanners can tell it from a token that permits an operation. */
export const CALLER_TOKEN_PREFIX = 'oncecaller_';

/** What a caller token is for, and all that it is for. */
export const INTROSPECT_SCOPE = 'introspect';

/** Longest life of a caller token. */
export const CALLER_TOKEN_SECONDS = 60;

/**
 * By which a resource server says who asks, in place of an assertion whose signature has to be verified each time
 * (RFC 7662 §2.1, "a separate OAuth 2.0 access token"). It permits nothing else.
 */
export interface CallerTokenClaims {
  readonly iss: string;
  readonly client_id: string;
  /** Version of the registration that it was given to: any change of that, disabling it included, ends the token. */
  readonly version: string;
  readonly iat: EpochSeconds;
  readonly exp: EpochSeconds;
  /** The certificate that it was obtained with, without which it says nothing (RFC 8705 §3). */
  readonly cnf?: { readonly 'x5t#S256': string };
}

/** Seals caller tokens. They open in no other place, and no other token opens here. */
export type CallerTokenSealer = Sealer<CallerTokenClaims>;
