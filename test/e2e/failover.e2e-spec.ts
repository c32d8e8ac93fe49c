import { runFailovers, type FailoverOutcome, type FailoverTimes } from '../failover/run-failovers.ts';

/** The short form of `npm run test:failover`. */
const FAILOVERS = 2;

let outcome: FailoverOutcome;
const measured: FailoverTimes[] = [];

beforeAll(async () => {
  const onFailover = (times: FailoverTimes): void => void measured.push(times);
  outcome = await runFailovers({ failovers: FAILOVERS, workers: 6, loadMs: 1_000, onFailover });
}, 240_000);

it('F-02 the primary is killed under load, its standby promoted, and brokers serve again by themselves', () => {
  expect(measured).toHaveLength(FAILOVERS);
  // Otherwise the promises below were kept by nobody asking for anything.
  expect(outcome.history.honoured.size).toBeGreaterThan(5 * FAILOVERS);
});

it('F-03 no token is honoured twice, though the standby knows of none that was spent', () => {
  expect(outcome.history.honouredTwice).toEqual([]);
});

it('story 9, F-02: no spend and no refusal that was acknowledged is missing on the promoted standby', () => {
  expect(outcome.broken).toEqual([]);
});
