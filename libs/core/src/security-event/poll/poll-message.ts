import { isJsonObject, type JsonObject } from '../../shared/strict-json.ts';
import { PollFailed, type PollQuestion } from './event-mailbox.ts';

/** The body of a poll (RFC 8936 §2.2). */
export function pollBody({ maxEvents, returnImmediately, acknowledged, refused }: PollQuestion): object {
  return {
    maxEvents,
    returnImmediately,
    ...(acknowledged.length > 0 && { ack: acknowledged }),
    ...(refused.size > 0 && { setErrs: Object.fromEntries(refused) }),
  };
}

/** An event as the answer to a poll has it, unread. */
export interface DeliveredEvent {
  readonly jti: string;
  readonly token: string;
}

/**
 * The events in an answer (RFC 8936 §2.3). Of more than were asked for the first ones: nobody says that the others
 * arrived, so that they come again. A token that is no text is left to be refused under its name.
 *
 * Fails  PollFailed when it is no such answer
 */
export function readDelivered({ sets }: JsonObject, maxEvents: number): readonly DeliveredEvent[] {
  if (!isJsonObject(sets)) throw new PollFailed('refused', 'the answer has no sets');
  return Object.entries(sets)
    .slice(0, maxEvents)
    .map(([jti, token]) => ({ jti, token: typeof token === 'string' ? token : '' }));
}
