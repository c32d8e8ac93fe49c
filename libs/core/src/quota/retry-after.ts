/** A wait in whole seconds, as `Retry-After` has it: never shorter than it is (RFC 9110 §10.2.3). */
export function retryAfter(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1000));
}
