import { LEDGER_KINDS } from '../crash/crashable-ledger.ts';
import { runCrashes } from '../crash/run-crashes.ts';
import { hasRedis } from '../support/redis-server.ts';

/** The short form of `npm run test:crash -- --ledger ...`. */
const KILLS = 8;

(hasRedis() ? describe : describe.skip)(
  'brokers, the database and the servers of the ledger are killed',
  () => {
    it.each(LEDGER_KINDS.filter((kind) => kind !== 'postgres'))(
      'F-02, F-03 under load, with the ledger on a %s: no token is honoured twice, and no answer lacks its event',
      async (ledger) => {
        const lines: string[] = [];
        const onKill = (line: string): void => void lines.push(line);
        const { history, killed, broken } = await runCrashes({
          ledger,
          kills: KILLS,
          workers: 6,
          loadMs: 500,
          onKill,
        });
        process.stdout.write(`${lines.join('\n')}\n`);
        expect(killed).toEqual({ postgres: 2, broker: 2, ledger: 4 });
        // Otherwise the promises were kept by nobody asking for anything.
        expect(history.honoured.size).toBeGreaterThan(10 * KILLS);
        expect(history.refused.size).toBeGreaterThan(10 * KILLS);
        expect(history.honouredTwice).toEqual([]);
        expect(broken).toEqual([]);
      },
      240_000,
    );
  },
);
