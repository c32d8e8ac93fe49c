import { runCrashes, type CrashOutcome } from '../crash/run-crashes.ts';

/** The short form of `npm run test:crash`. */
const KILLS = 10;

let outcome: CrashOutcome;
const kills: string[] = [];

beforeAll(async () => {
  const onKill = (line: string): void => void kills.push(line);
  outcome = await runCrashes({ ledger: 'postgres', kills: KILLS, workers: 6, loadMs: 500, onKill });
}, 180_000);

it('F-02 Postgres and both brokers are killed under load, and serve again each time', () => {
  expect(kills).toHaveLength(KILLS);
  expect(outcome.killed).toEqual({ postgres: 7, broker: 3, ledger: 0 });
  // Otherwise the promises below were kept by nobody asking for anything.
  expect(outcome.history.honoured.size).toBeGreaterThan(10 * KILLS);
  expect(outcome.history.refused.size).toBeGreaterThan(10 * KILLS);
});

it('F-03 no token is honoured twice, whoever was killed meanwhile', () => {
  expect(outcome.history.honouredTwice).toEqual([]);
});

it('story 9, F-02: no spend and no refusal that was acknowledged lacks its audit event', () => {
  expect(outcome.broken).toEqual([]);
});
