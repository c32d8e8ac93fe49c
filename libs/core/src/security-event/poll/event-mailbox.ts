import type { EventPoll } from '../../registry/registrations.ts';
import type { JsonObject } from '../../shared/strict-json.ts';

/** Why an event was refused, in the words of RFC 8935 §2.4. */
export interface EventError {
  readonly err: string;
  readonly description: string;
}

/** What became of events that were delivered before, by their names. */
export interface SettledEvents {
  readonly acknowledged: readonly string[];
  readonly refused: ReadonlyMap<string, EventError>;
}

/** One request to a poll endpoint (RFC 8936 §2.2). */
export interface PollQuestion extends SettledEvents {
  /** 0: no events are wanted, this only says what became of others. */
  readonly maxEvents: number;
  /** False: the transmitter may wait until there is an event. */
  readonly returnImmediately: boolean;
  /** Until then the answer has to be here, whole. */
  readonly maxWaitMs: number;
}

/** Where a transmitter keeps events until they are fetched. */
export interface EventMailbox {
  /**
   * The answer, a JSON object that has still to be read. Proves who asks without anything that both sides know.
   *
   * Fails  PollFailed; Unavailable while this broker cannot sign
   */
  ask(poll: EventPoll, question: PollQuestion, signal: AbortSignal): Promise<JsonObject>;
}

/**
 * - `silent`     no answer within the time that was given
 * - `too_large`  a larger answer than is read
 * - `refused`    anything else
 */
export type PollFailure = 'silent' | 'too_large' | 'refused';

/** A poll that came to nothing. The message holds nothing that the transmitter sent but its status. */
export class PollFailed extends Error {
  override readonly name = 'PollFailed';

  constructor(
    readonly failure: PollFailure,
    what: string,
    /** How long the transmitter wants to be left alone; null: it did not say. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(what);
  }
}
