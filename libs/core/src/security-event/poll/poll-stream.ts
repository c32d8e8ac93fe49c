import { isPolled, type PolledSource } from '../../registry/event-source.ts';
import type { TrustSource } from '../../registry/trust.ts';
import type { ReceiveEvent } from '../receive-event.ts';
import { PollFailed, type EventMailbox, type SettledEvents } from './event-mailbox.ts';
import type { PollLease, PollLeases } from './poll-leases.ts';
import { readDelivered, type DeliveredEvent } from './poll-message.ts';
import {
  backoffMs,
  IMMEDIATE_POLL_MS,
  jittered,
  LEASE_MS,
  LONG_POLL_MS,
  MAX_EVENTS,
  restAfter,
  STANDBY_MS,
} from './poll-pace.ts';
import { settleEvents } from './settle-events.ts';

/** `waited`: the transmitter held the poll open until it was given up, which is no failure. */
export type PollOutcome = 'events' | 'empty' | 'waited' | 'failed';

export interface PollStreamPorts {
  readonly trust: TrustSource;
  readonly leases: PollLeases;
  readonly mailbox: EventMailbox;
  readonly receiveEvent: ReceiveEvent;
  /** Milliseconds of a clock that never jumps. */
  readonly elapsedMs: () => number;
  /** Resolves after so long, or when the signal comes. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** `id`: of the registration. */
  readonly onPolled: (id: string, outcome: PollOutcome) => void;
  readonly onProblem: (what: string, cause: unknown) => void;
}

/** What is known between two polls. */
interface Standing {
  /** To be told with the next poll, again and again until one is answered. */
  readonly settled: SettledEvents;
  readonly maxEvents: number;
  readonly mayWait: boolean;
  /** Until the next turn. */
  readonly restMs: number;
}

const NOTHING: SettledEvents = { acknowledged: [], refused: new Map() };
const FRESH: Standing = { settled: NOTHING, maxEvents: MAX_EVENTS, mayWait: true, restMs: 0 };

/** A broker that stops is not held up by a transmitter. */
const FAREWELL_MS = 2_000;

/**
 * Fetches the events of one transmitter, whenever it is this broker's turn, until the signal comes or it is not
 * registered to be polled any more. Never rejects.
 *
 * Spec  RFC 8936 §2
 */
export async function pollStream(ports: PollStreamPorts, issuer: string, signal: AbortSignal): Promise<void> {
  let standing: Standing | null = FRESH;
  while (!signal.aborted) {
    const next: Standing | null = await takeTurn(ports, { issuer, standing, signal });
    if (next === null) break;
    standing = next;
    await ports.pause(standing.restMs, signal);
  }
  await takeLeave(ports, issuer, standing.settled);
}

interface Turn {
  readonly issuer: string;
  readonly standing: Standing;
  readonly signal: AbortSignal;
}

/** Null: it is not to be polled. */
async function takeTurn(ports: PollStreamPorts, turn: Turn): Promise<Standing | null> {
  try {
    const source = ports.trust.current().eventSource(turn.issuer);
    if (source === null || !isPolled(source)) return null;
    const lease = await ports.leases.take(turn.issuer, LEASE_MS);
    // Whoever has it is told of all that is not settled yet.
    if (lease === null) return { ...FRESH, restMs: jittered(STANDBY_MS, ports.random()) };
    return await poll(ports, turn, { source, lease });
  } catch (cause) {
    ports.onProblem(`events of ${turn.issuer} cannot be fetched`, cause);
    return { ...turn.standing, restMs: jittered(STANDBY_MS, ports.random()) };
  }
}

interface OwnTurn {
  readonly source: PolledSource;
  readonly lease: PollLease;
}

async function poll(ports: PollStreamPorts, turn: Turn, own: OwnTurn): Promise<Standing> {
  const { issuer, standing, signal } = turn;
  const { maxEvents, mayWait, settled } = standing;
  const beganAt = ports.elapsedMs();
  const maxWaitMs = mayWait ? LONG_POLL_MS : IMMEDIATE_POLL_MS;
  const question = { ...settled, maxEvents, returnImmediately: !mayWait, maxWaitMs };
  let delivered: readonly DeliveredEvent[];
  try {
    const answer = await ports.mailbox.ask(own.source.transmitter.poll, question, signal);
    delivered = readDelivered(answer, maxEvents);
  } catch (failed) {
    if (signal.aborted) return standing;
    if (!(failed instanceof PollFailed)) throw failed;
    if (failed.failure === 'silent' && mayWait) {
      // One that holds polls open for longer than we wait answers at once when it is asked to. One that is dead does not.
      ports.onPolled(own.source.id, 'waited');
      return { ...standing, mayWait: false, restMs: 0 };
    }
    const fewer = failed.failure === 'too_large' ? 1 : maxEvents;
    return fail(ports, { ...turn, standing: { ...standing, maxEvents: fewer } }, { ...own, failed });
  }
  const { trouble, ...next } = await settleEvents(ports.receiveEvent, { issuer, delivered }, signal);
  const learnt: Standing = {
    settled: next,
    maxEvents: Math.min(maxEvents * 2, MAX_EVENTS),
    mayWait: true,
    restMs: restAfter(delivered.length, ports.elapsedMs() - beganAt),
  };
  if (trouble !== null) {
    const failed = new PollFailed('refused', trouble.detail ?? trouble.reason);
    return fail(ports, { ...turn, standing: learnt }, { ...own, failed });
  }
  ports.onPolled(own.source.id, delivered.length > 0 ? 'events' : 'empty');
  await note(ports, () => ports.leases.succeeded(issuer, next.acknowledged.length));
  return learnt;
}

async function fail(
  ports: PollStreamPorts,
  { issuer, standing }: Turn,
  { source, lease, failed }: OwnTurn & { readonly failed: PollFailed },
): Promise<Standing> {
  const restMs = backoffMs(lease.failures, failed.retryAfterMs, ports.random());
  ports.onPolled(source.id, 'failed');
  // Once per row of failures: the rest is counted.
  if (lease.failures === 0) ports.onProblem(`events of ${source.id} cannot be fetched`, failed);
  await note(ports, () => ports.leases.failed(issuer, { what: failed.message, waitMs: restMs }));
  return { ...standing, restMs };
}

/** Says what is still to be said, and lets others poll. */
async function takeLeave(ports: PollStreamPorts, issuer: string, settled: SettledEvents): Promise<void> {
  const { acknowledged, refused } = settled;
  await note(ports, async () => {
    const source = ports.trust.current().eventSource(issuer);
    if (acknowledged.length + refused.size === 0 || source === null || !isPolled(source)) return;
    const question = { ...settled, maxEvents: 0, returnImmediately: true, maxWaitMs: FAREWELL_MS };
    await ports.mailbox.ask(source.transmitter.poll, question, new AbortController().signal);
  });
  await note(ports, () => ports.leases.release(issuer));
}

/** What is not noted is told again, or found out again: no reason to stop. */
async function note({ onProblem }: PollStreamPorts, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    onProblem('what became of polled events was not noted', cause);
  }
}
