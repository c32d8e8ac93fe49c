import type { EpochMs, EpochSeconds } from '../shared/clock.ts';
import type { JsonObject } from '../shared/strict-json.ts';

/** A `sub`, `jti`, `nonce` or other name: non-empty, without control characters or blanks at its ends. */
export function readName(value: unknown, maxChars = 256): string | null {
  if (typeof value !== 'string' || value.length === 0 || value.length > maxChars) return null;
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]|^\s|\s$/.test(value)) return null;
  return value;
}

/** A NumericDate before the year 10000, fraction cut off (RFC 7519 §2). Null for anything else, `1e999` included. */
export function readNumericDate(value: unknown): EpochSeconds | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value >= 253_402_300_800)
    return null;
  return Math.floor(value);
}

/** The audiences of a JWT: one string or a list of strings (RFC 7519 §4.1.3). Null when it is neither, or empty. */
export function readAudiences(value: unknown): readonly string[] | null {
  if (typeof value === 'string') return value === '' ? null : [value];
  if (!Array.isArray(value) || value.length === 0 || value.length > 16) return null;
  return value.every((one): one is string => typeof one === 'string' && one !== '') ? value : null;
}

/** When a JWT says it lives. Seconds; null where it is silent. */
export interface JwtLifetime {
  exp: EpochSeconds | null;
  nbf: EpochSeconds | null;
  iat: EpochSeconds | null;
}

/** The times of a JWT, or null when one of them is there and is not a time. */
export function readLifetime(payload: JsonObject): JwtLifetime | null {
  const read = (name: 'exp' | 'nbf' | 'iat'): EpochSeconds | null | undefined =>
    payload[name] === undefined ? null : (readNumericDate(payload[name]) ?? undefined);
  const exp = read('exp');
  const nbf = read('nbf');
  const iat = read('iat');
  return exp === undefined || nbf === undefined || iat === undefined ? null : { exp, nbf, iat };
}

/** Others' clocks may run ahead of ours by this much (FAPI 2.0 §5.3.2.1: 10 s must pass, 60 s must not). */
export const FUTURE_TOLERANCE_SECONDS = 10;

/** A token is taken for this long past its `exp`, for clocks that run behind. */
const EXPIRY_TOLERANCE_SECONDS = 5;

/** The database judges when an id may be forgotten, and its clock may run ahead of the one that accepted it. */
const CLOCK_SLACK_SECONDS = 10;

/** From when on the id of a JWT need not be remembered any more: nobody takes the JWT by then. */
export function forgettableFrom(exp: EpochSeconds): EpochMs {
  return (exp + EXPIRY_TOLERANCE_SECONDS + CLOCK_SLACK_SECONDS) * 1000;
}

/** Does the JWT live at `now`, as far as it tells? What is absent does not hinder; callers demand what they need. */
export function isAlive({ exp, nbf, iat }: JwtLifetime, now: EpochMs): boolean {
  const seconds = now / 1000;
  if (exp !== null && seconds >= exp + EXPIRY_TOLERANCE_SECONDS) return false;
  if (nbf !== null && nbf > seconds + FUTURE_TOLERANCE_SECONDS) return false;
  return iat === null || iat <= seconds + FUTURE_TOLERANCE_SECONDS;
}
