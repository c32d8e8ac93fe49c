import { Unavailable, type OAuthError } from '../../errors/oauth-error.ts';
import { reasonOf } from '../../errors/oauth-response.ts';
import { REFUSALS, type RefusalRow } from '../../errors/refusals.ts';
import type { ReceiveEvent } from '../receive-event.ts';
import type { EventError, SettledEvents } from './event-mailbox.ts';
import type { DeliveredEvent } from './poll-message.ts';

/** What became of an answer's events; `trouble` stopped at one that nobody may be told of. */
export interface Settlement extends SettledEvents {
  readonly trouble: OAuthError | null;
}

/**
 * Takes events one after another, as their transmitter put them. One is acknowledged when it holds, or held before;
 * refused with the code that a push would be answered with; and neither when something did not answer: it comes again.
 *
 * Spec  RFC 8936 §2.2, §2.4, §2.6
 */
export async function settleEvents(
  receiveEvent: ReceiveEvent,
  { issuer, delivered }: { readonly issuer: string; readonly delivered: readonly DeliveredEvent[] },
  signal: AbortSignal,
): Promise<Settlement> {
  const acknowledged: string[] = [];
  const refused = new Map<string, EventError>();
  for (const { jti, token } of delivered) {
    if (signal.aborted) break;
    try {
      await receiveEvent({ token, delivery: { by: 'poll', issuer, jti } });
      acknowledged.push(jti);
    } catch (thrown) {
      const row: RefusalRow = REFUSALS[reasonOf(thrown)];
      if (row.status !== 400) return { acknowledged, refused, trouble: troubleOf(thrown) };
      refused.set(jti, { err: row.error, description: row.says });
    }
  }
  return { acknowledged, refused, trouble: null };
}

function troubleOf(thrown: unknown): OAuthError {
  return thrown instanceof Unavailable ? thrown : new Unavailable('an event could not be taken', thrown);
}
