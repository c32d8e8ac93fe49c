import { freePort } from '../../support/deployment/free-port.ts';
import type { Bench } from '../bench.ts';
import { byAssertion } from '../caller-authentication.ts';
import { drive } from '../drive.ts';
import { forSelfApi, prepareIntrospections } from '../prepare.ts';
import { residentMb } from '../memory.ts';
import type { Memory } from '../report/performance.ts';
import { ACTIVE, withWorld, type World } from '../world.ts';

/** Between two looks at the memory. */
const PORTIONS = 20;

/** Whether a broker grows with what it is asked: exchanges and spends in turn, so many requests altogether. */
export async function measureMemory(bench: Bench): Promise<Memory> {
  const { memoryRequests, warmUp, seed } = bench.options;
  const metricsPort = await freePort();
  const env = { ONCEKEY_METRICS_PORT: String(metricsPort) };
  return withWorld(bench, { env }, async (world) => {
    await exchangeAndSpend(world, warmUp);
    const samples: Memory['samples'] = [];
    let requests = 0;
    const look = async (): Promise<void> => {
      const [broker] = world.deployment.brokers;
      if (broker === undefined) throw new Error('there is no broker');
      samples.push({ requests, residentMb: residentMb(broker.node.pid), heapMb: await heapMb(metricsPort) });
    };
    await look();
    const portion = Math.max(1, Math.ceil(memoryRequests / PORTIONS / 2));
    while (requests < memoryRequests) {
      await exchangeAndSpend(world, portion);
      requests += 2 * portion;
      await look();
    }
    const slopeMbPerMillion = slopeOf(samples.slice(Math.floor(samples.length / 2))) * 1e6;
    return { at: new Date().toISOString(), seed, requests, samples, slopeMbPerMillion };
  });
}

async function exchangeAndSpend(world: World, count: number): Promise<void> {
  const { caller, deployment, broker, bench } = world;
  const authenticate = byAssertion(caller, 'self-api', deployment.keys.selfServer);
  const tokens = await world.tokens(count, forSelfApi(caller));
  for (let at = 0; at < count; at += PORTION) {
    const requests = prepareIntrospections(tokens.slice(at, at + PORTION), authenticate);
    await drive(broker.shots(requests, ACTIVE), bench.options.connections);
  }
}

/** What is signed at a time; it must not be old when it is sent. */
const PORTION = 5_000;

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
