import { FailingSources } from './failing-sources.ts';

function sources(most = 10, processes = 1) {
  const clock = { nowMs: 0 };
  const quota = { requestsPerSecond: 2, burst: 4 };
  return { clock, of: new FailingSources({ quota, processes, most, elapsedMs: () => clock.nowMs }) };
}

function fail(of: FailingSources, source: string, times: number): void {
  for (let time = 0; time < times; time++) of.failed(source);
}

it('listens to everybody who has not failed too often', () => {
  const { of } = sources();
  expect([of.isEmpty, of.waitMs('a')]).toEqual([true, 0]);
  fail(of, 'a', 3);
  expect([of.isEmpty, of.waitMs('a')]).toEqual([false, 0]);
  fail(of, 'a', 1);
  expect(of.waitMs('a')).toBe(500);
  expect(of.waitMs('b')).toBe(0);
});

it('listens again when time has passed', () => {
  const { clock, of } = sources();
  fail(of, 'a', 4);
  clock.nowMs = 250;
  expect(of.waitMs('a')).toBe(250);
  clock.nowMs = 500;
  expect(of.waitMs('a')).toBe(0);
  fail(of, 'a', 1);
  expect(of.waitMs('a')).toBe(500);
});

it('gives each process its part', () => {
  const { of } = sources(10, 2);
  fail(of, 'a', 2);
  expect(of.waitMs('a')).toBe(1000);
});

it('remembers so many, and forgets those first that were not heard of for longest', () => {
  const { of } = sources(2);
  for (const source of ['a', 'b']) fail(of, source, 4);
  expect(of.waitMs('a')).toBeGreaterThan(0);
  fail(of, 'c', 4);
  expect(['a', 'b', 'c'].map((source) => of.waitMs(source) > 0)).toEqual([true, false, true]);
});
