import type { Deferral } from './approval.ts';
import type { BrokerAnswer } from './fetch-from-broker.ts';
import { isPassing, OncekeyError } from './oncekey-error.ts';
import { readOneTimeToken, type OneTimeToken } from './one-time-token.ts';
import { pause } from './pause.ts';

/** How much more patience a broker asks for with each `slow_down`, for good (RFC 8628 §3.5). */
const SLOWER_SECONDS = 5;

/** Asks the token endpoint. `isNonceNew`: its answer brought a nonce that the next question can be put with. */
type Ask = (parameters: Record<string, string>) => Promise<{ answer: BrokerAnswer; isNonceNew: boolean }>;

/**
 * Asks again and again, until somebody has approved or it is too late. The request is never made anew: what was asked
 * for waits at the broker. A broker that does not answer is asked again; the token is made once, when it is fetched.
 *
 * Fails  OncekeyError `access_denied` when somebody said no, `expired_token` when it is too late, or as the broker
 *        answers; the reason of `signal` when that is what stopped it
 * Spec   draft-ietf-oauth-deferred-token-response, polling
 */
export async function awaitApproval(
  { approval, deferralCode, intervalSeconds }: Deferral,
  ask: Ask,
  signal: AbortSignal,
): Promise<OneTimeToken> {
  const parameters = {
    grant_type: 'urn:ietf:params:oauth:grant-type:deferred',
    deferral_code: deferralCode,
  };
  let waitSeconds = intervalSeconds;
  let retryAfterSeconds = 0;
  for (;;) {
    await pause(Math.max(waitSeconds, retryAfterSeconds), signal);
    retryAfterSeconds = 0;
    try {
      const first = await ask(parameters);
      const isAgain = first.isNonceNew && first.answer.json?.['error'] === 'use_dpop_nonce';
      return readOneTimeToken(isAgain ? (await ask(parameters)).answer : first.answer);
    } catch (failure) {
      if (!(failure instanceof OncekeyError)) throw failure;
      const isPending = failure.code === 'authorization_pending' || failure.code === 'slow_down';
      if (!isPending && !isPassing(failure)) throw failure;
      if (failure.code === 'slow_down') waitSeconds += SLOWER_SECONDS;
      retryAfterSeconds = failure.retryAfterSeconds ?? 0;
      if (Date.now() > approval.expiresAt.getTime()) throw tooLate(failure);
    }
  }
}

function tooLate(cause: OncekeyError): OncekeyError {
  return new OncekeyError('expired_token', { description: 'nobody has approved it in time', cause });
}
