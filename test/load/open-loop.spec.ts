import { setTimeout as sleep } from 'node:timers/promises';
import { drive } from './drive.ts';
import { driveOpenLoop } from './open-loop.ts';
import { repeated, UnexpectedAnswer, type Shot } from './send.ts';

const STALL_MS = 400;

/** Stands still once, and answers at once before and afterwards. */
function stallingServer(): Shot {
  const until = performance.now() + STALL_MS;
  return async () => {
    await sleep(Math.max(0, until - performance.now()));
    return '';
  };
}

it('charges a server that stands still for everybody who came meanwhile', async () => {
  const arrivals = Array.from({ length: 100 }, (_, at) => at);
  const { latency } = await driveOpenLoop(repeated(stallingServer(), 100), arrivals);
  expect(latency.count).toBe(100);
  // The last of them was due after 100 ms, and so waited for 300.
  expect(latency.percentiles().p50Ms).toBeGreaterThan(290);
});

it('a closed loop does not: whoever waits does not ask', async () => {
  const { latency } = await drive(repeated(stallingServer(), 100), 1);
  expect(latency.percentiles().maxMs).toBeGreaterThan(STALL_MS - 10);
  expect(latency.percentiles().p50Ms).toBeLessThan(latency.percentiles().maxMs / 2);
});

it.each([
  ['open loop', (shots: readonly Shot[]) => driveOpenLoop(shots, [0, 1, 2])],
  ['closed loop', (shots: readonly Shot[]) => drive(shots, 2)],
])('%s: an answer that is wrong ends the measurement', async (_, run) => {
  const wrong: Shot = async () => {
    throw new UnexpectedAnswer('503');
  };
  await expect(run([async () => '', wrong, async () => ''])).rejects.toThrow(UnexpectedAnswer);
});
