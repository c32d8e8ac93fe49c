import { setTimeout as sleep } from 'node:timers/promises';
import { Latency } from './latency.ts';
import type { Shot } from './send.ts';

export interface OpenLoopDriven {
  readonly seconds: number;
  /** From the instant at which a request was due to the end of its answer. */
  readonly latency: Latency;
  /** How much later than due the driver itself sent: part of the latency, and not the server's fault. */
  readonly lag: Latency;
}

/**
 * Sends each request when it is due, whatever has become of those before it (open loop). Latency counts from when it
 * was due, not from when it was sent, so that a server that stands still is charged for everybody who would have come
 * meanwhile (no coordinated omission).
 *
 * `arrivalsMs`: when each is due, after the start; ascending.
 * Fails  UnexpectedAnswer of the first request that is not answered as it should be
 */
export async function driveOpenLoop(
  shots: readonly Shot[],
  arrivalsMs: readonly number[],
): Promise<OpenLoopDriven> {
  const latency = new Latency();
  const lag = new Latency();
  const underWay = new Set<Promise<void>>();
  const failed: Promise<void>[] = [];
  const startedAt = performance.now();
  const send = async (shot: Shot, dueAt: number): Promise<void> => {
    lag.record(performance.now() - dueAt);
    await shot();
    latency.record(performance.now() - dueAt);
  };
  for (const [at, shot] of shots.entries()) {
    const dueAt = startedAt + (arrivalsMs[at] ?? 0);
    // A timer is never early by more than a millisecond, which `performance.now` sees.
    for (let left = dueAt - performance.now(); left > 0; left = dueAt - performance.now()) await sleep(left);
    if (failed.length > 0) break;
    const sent = send(shot, dueAt);
    underWay.add(sent);
    // One that failed stays, and is what the driver fails with.
    sent.then(
      () => void underWay.delete(sent),
      () => void failed.push(sent),
    );
  }
  await Promise.all(underWay);
  return { seconds: (performance.now() - startedAt) / 1000, latency, lag };
}
