import {
  pollBody,
  PollFailed,
  type EventMailbox,
  type EventPoll,
  type JsonObject,
  type PollQuestion,
} from '#core';
import { FetchRefused } from '../outbound/fetch-refused.ts';
import { BadTokenAnswer, TransmitterTokens, type TransmitterTokenPorts } from './transmitter-tokens.ts';

/** Polls transmitters over HTTP (RFC 8936 §2), with an access token that the broker earns by a signature. */
export class HttpEventMailbox implements EventMailbox {
  private readonly tokens: TransmitterTokens;

  constructor(private readonly ports: TransmitterTokenPorts) {
    this.tokens = new TransmitterTokens(ports);
  }

  async ask(poll: EventPoll, question: PollQuestion, signal: AbortSignal): Promise<JsonObject> {
    const token = await this.tokens.of(poll, signal).catch((failed: unknown) => {
      throw failureOf(failed, 'the token endpoint');
    });
    try {
      return await this.ports.postForJson(poll.endpoint, {
        contentType: 'application/json',
        body: JSON.stringify(pollBody(question)),
        authorization: `Bearer ${token}`,
        totalMs: question.maxWaitMs,
        signal,
      });
    } catch (failed) {
      if (failed instanceof FetchRefused && failed.answered?.status === 401) this.tokens.forget(poll);
      throw failureOf(failed, 'the poll endpoint');
    }
  }
}

/** Whose silence it is decides what it means: a token endpoint has nothing to wait for. */
function failureOf(failed: unknown, who: 'the token endpoint' | 'the poll endpoint'): unknown {
  if (failed instanceof BadTokenAnswer) return new PollFailed('refused', `${who}: ${failed.message}`);
  if (!(failed instanceof FetchRefused)) return failed;
  const what = `${who}: ${failed.message}`;
  const retryAfterMs = failed.answered?.retryAfterMs ?? null;
  if (who === 'the token endpoint') return new PollFailed('refused', what, retryAfterMs);
  if (failed.refusal === 'too_slow') return new PollFailed('silent', what);
  return new PollFailed(failed.refusal === 'too_large' ? 'too_large' : 'refused', what, retryAfterMs);
}
