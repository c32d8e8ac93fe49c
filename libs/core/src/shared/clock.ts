/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** Whole seconds since 1970-01-01T00:00:00Z, as in a JWT NumericDate (RFC 7519 §2). */
export type EpochSeconds = number;

/** The time of the process, corrected towards the database's clock by whoever wires it. */
export interface Clock {
  now(): EpochMs;
}

/** A token's last second: a fraction is cut off, so that nothing lives longer than was meant. */
export function toEpochSeconds(at: EpochMs): EpochSeconds {
  return Math.floor(at / 1000);
}
