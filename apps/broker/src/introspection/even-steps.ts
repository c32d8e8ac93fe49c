/** More than what sets one way of being dead apart from another: a look into the ledger. */
export const STEP_MS = 10;

/**
 * Inactive answers leave in steps after their requests came, so that the time which an answer takes does not tell why
 * a token is dead (RFC 7662 §4: nothing is told about tokens that are not active).
 *
 * In     beganAt  by `performance.now()`
 */
export async function untilNextStep(beganAt: number): Promise<void> {
  const tookMs = performance.now() - beganAt;
  const leftMs = Math.ceil((Math.floor(tookMs / STEP_MS) + 1) * STEP_MS - tookMs);
  await new Promise<void>((leave) => void setTimeout(leave, leftMs));
}
