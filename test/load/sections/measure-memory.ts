import type { Bench } from '../bench.ts';
import { drive } from '../drive.ts';
import { residentMb } from '../memory.ts';
import type { Memory } from '../report/performance.ts';
import { repeated } from '../send.ts';
import { pairOf } from '../steady/pair.ts';
import { withWorld } from '../world.ts';

/** Between two looks at the memory. */
const PORTIONS = 20;

/** Whether a broker grows with what it is asked: pairs of an exchange and a spend, so many requests altogether. */
export async function measureMemory(bench: Bench): Promise<Memory> {
  const { memoryRequests, warmUp, connections, seed } = bench.options;
  return withWorld(bench, {}, async (world) => {
    const { metricsPort } = world;
    if (metricsPort === null) throw new Error('the broker does not serve its metrics');
    await world.caller.learnNonce();
    const pair = pairOf(world);
    const exchangeAndSpend = (count: number): Promise<unknown> => drive(repeated(pair, count), connections);
    await exchangeAndSpend(warmUp);
    const samples: Memory['samples'] = [];
    let requests = 0;
    const look = async (): Promise<void> => {
      const [broker] = world.deployment.brokers;
      if (broker === undefined) throw new Error('there is no broker');
      const sample = { requests, residentMb: residentMb(broker.node.pid), heapMb: await heapMb(metricsPort) };
      samples.push(sample);
      bench.say(`${requests} of ${memoryRequests}: ${sample.residentMb.toFixed(0)} MB`);
    };
    await look();
    const portion = Math.max(1, Math.ceil(memoryRequests / PORTIONS / 2));
    while (requests < memoryRequests) {
      await exchangeAndSpend(portion);
      requests += 2 * portion;
      await look();
    }
    const slopeMbPerMillion = slopeOf(samples.slice(Math.floor(samples.length / 2))) * 1e6;
    return { at: new Date().toISOString(), seed, requests, samples, slopeMbPerMillion };
  });
}

/** What the broker says of itself. */
async function heapMb(metricsPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const bytes = /^nodejs_heap_size_used_bytes(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1];
  if (bytes === undefined) throw new Error('the broker does not tell the size of its heap');
  return Number(bytes) / 2 ** 20;
}

/** Megabytes for each request, by least squares. */
function slopeOf(samples: Memory['samples']): number {
  const mean = (valueOf: (sample: Memory['samples'][number]) => number): number =>
    samples.reduce((sum, sample) => sum + valueOf(sample), 0) / samples.length;
  const [meanRequests, meanMb] = [mean(({ requests }) => requests), mean((sample) => sample.residentMb)];
  const together = mean((sample) => (sample.requests - meanRequests) * (sample.residentMb - meanMb));
  const spread = mean(({ requests }) => (requests - meanRequests) ** 2);
  return spread === 0 ? 0 : together / spread;
}
