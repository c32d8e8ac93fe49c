import { Latency } from './latency.ts';
import type { Shot } from './send.ts';

export interface Driven {
  readonly seconds: number;
  readonly latency: Latency;
  readonly bodies: readonly string[];
}

/**
 * Sends each request once, so many at a time, each as soon as one before it was answered (closed loop). That keeps
 * the server full and says how much it can take. Of its latencies it says little: who waits does not ask meanwhile.
 *
 * Fails  UnexpectedAnswer of the first request that is not answered as it should be
 */
export async function drive(shots: readonly Shot[], connections: number): Promise<Driven> {
  const latency = new Latency();
  const bodies: string[] = [];
  let next = 0;
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    for (let shot = shots[next++]; shot !== undefined; shot = shots[next++]) {
      const sentAt = performance.now();
      bodies.push(await shot());
      latency.record(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return { seconds: (performance.now() - startedAt) / 1000, latency, bodies };
}
