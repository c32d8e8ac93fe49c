import type { Grant, Refusal } from './decision.ts';
import { refuse } from './refuse.ts';

/** What an API itself asks of the user's sign-in, beyond the policies of the broker. */
export interface StepUpDemands {
  /** Authentication contexts, any of which will do, the best one first; characters of RFC 6749 §3.3. */
  readonly acrValues?: readonly string[];
  /** Seconds. A sign-in of unknown age is too old. */
  readonly maxAuthAgeSeconds?: number;
}

const ACR = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/**
 * The challenge for a user whose sign-in falls short of the demands (RFC 9470 §3), or null when it does not. The
 * token is spent all the same: after the next sign-in the client earns another.
 *
 * Fails  TypeError when the demands cannot be written into a header
 */
export function stepUpRefusal(
  { acr, authTime }: Pick<Grant, 'acr' | 'authTime'>,
  { acrValues, maxAuthAgeSeconds }: StepUpDemands,
  nowSeconds = Date.now() / 1000,
): Refusal | null {
  if (acrValues?.every((value) => ACR.test(value)) === false) throw new TypeError('an acr is not one word');
  if (
    maxAuthAgeSeconds !== undefined &&
    !(Number.isSafeInteger(maxAuthAgeSeconds) && maxAuthAgeSeconds >= 0)
  ) {
    throw new TypeError('maxAuthAgeSeconds is not a number of seconds');
  }
  const isOfKind = acrValues === undefined || (acr !== null && acrValues.includes(acr));
  const isRecent =
    maxAuthAgeSeconds === undefined || (authTime !== null && nowSeconds - authTime <= maxAuthAgeSeconds);
  if (isOfKind && isRecent) return null;
  return refuse('step_up', {
    // All that is wanting in one challenge, so that one more sign-in is enough.
    attributes: {
      ...(acrValues === undefined ? {} : { acr_values: acrValues.join(' ') }),
      ...(maxAuthAgeSeconds === undefined ? {} : { max_age: String(maxAuthAgeSeconds) }),
    },
  });
}
