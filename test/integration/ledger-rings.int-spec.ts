import { Unavailable, type SpendVerdict } from '#core';
import { Client } from 'pg';
import { LedgerBuilder, times } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { eventually } from '../support/eventually.ts';
import { expectHonest, isKnown } from '../support/expect-honest.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { ledgerOnDatabase } from '../support/ledger-on-database.ts';
import { TokenLoad } from '../support/token-load.ts';

/** Tens of milliseconds, where the machine has nothing else to do. */
const SOON_MS = 5_000;

describe('the rings of a ledger', () => {
  it('never honours a token twice while buckets are emptied under load', async () => {
    const under = await ledgerOnDatabase((await freshDatabase()).url, 2, { tokenBucketSeconds: 1 });
    try {
      const floor = async (): Promise<number> => {
        const sql = 'SELECT floor::float8 FROM ledger_incarnation';
        return (await under.pools[0].query<{ floor: number }>(sql)).rows[0]!.floor;
      };
      const before = await floor();
      const load = new TokenLoad({ ledgers: under.ledgers, workers: 24, lifeSeconds: 2 });
      await eventually(async () => (await floor()) >= before + 6, 12_000);
      const report = await load.stop();
      await expectHonest(under, report);
      expect(report.verdicts['expired']).toBeGreaterThan(0);
      expect(report.verdicts['ledger_gone']).toBeUndefined();
      expect(under.problems).toEqual([]);
    } finally {
      await under.close();
    }
  });

  it('catches up, however long nobody has advanced them', async () => {
    const { url } = await freshDatabase();
    const first = await ledgerOnDatabase(url, 1);
    await first.ledgers[0].close();
    await first.pools[0].query('UPDATE used_id_floor SET floor = 5; UPDATE ledger_incarnation SET floor = 5');
    const second = await ledgerOnDatabase(url, 1);
    const a = new LedgerBuilder(second);
    const claim = await a.claim({ expiresAt: (await second.now()) + 3_600_000 });
    expect(
      await second.ledgers[0].spend(
        await a.attempt({ exp: Math.floor(Date.now() / 1000) + 300 }),
        a.entry([claim]),
      ),
    ).toEqual({ verdict: 'spent' });
    await Promise.all([first.close(), second.close()]);
  });

  it('takes a ring that nobody has advanced further by itself, in the middle of a batch', async () => {
    const under = await ledgerOnDatabase((await freshDatabase()).url, 1);
    const a = new LedgerBuilder(under);
    await under.pools[0].query(
      'UPDATE used_id_floor SET floor = floor - 4; UPDATE ledger_incarnation SET floor = floor - 4',
    );
    const entry = a.entry<SpendVerdict>([await a.claim()]);
    expect(await under.ledgers[0].spend(await a.attempt(), entry)).toEqual({ verdict: 'spent' });
    expect(entry.heard.at(-1)).toEqual({ verdict: 'spent' });
    await under.close();
  });

  it('answers Unavailable, to that entry alone, for what lives longer than it remembers', async () => {
    const under = await ledgerOnDatabase((await freshDatabase()).url, 1);
    const a = new LedgerBuilder(under);
    const [ledger] = under.ledgers;
    const eternal = await a.attempt({ exp: Math.floor(Date.now() / 1000) + 86_400 });
    const claim = await a.claim({ expiresAt: Date.now() + 86_400_000 });
    const outcomes = await Promise.allSettled([
      ledger.spend(eternal, a.entry()),
      ledger.record(a.entry([claim])),
      ledger.spend(await a.attempt(), a.entry()),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    await under.close();
  });
});

describe('an incarnation', () => {
  it('is not shared by a copy of the database', async () => {
    const { url, drop } = await freshDatabase();
    const original = await ledgerOnDatabase(url, 1);
    const identity = original.ledgers[0].current();
    await original.close();
    const name = new URL(url).pathname.slice(1);
    const admin = new URL(url);
    admin.pathname = '/postgres';
    const client = new Client({ connectionString: admin.href });
    await client.connect();
    await client.query(`CREATE DATABASE ${name}_copy TEMPLATE ${name}`);
    await client.end();
    const copy = await ledgerOnDatabase(`${url}_copy`, 1);
    const again = await ledgerOnDatabase(url, 1);
    expect(again.ledgers[0].current()).toEqual(identity);
    expect(copy.ledgers[0].current().incarnation).not.toBe(identity.incarnation);
    const a = new LedgerBuilder(again);
    const attempt = await a.attempt();
    expect(await copy.ledgers[0].spend(attempt, a.entry())).toEqual({ verdict: 'ledger_gone' });
    expect(await again.ledgers[0].spend(attempt, a.entry())).toEqual({ verdict: 'spent' });
    await Promise.all([copy.close(), again.close()]);
    await drop();
  });

  it('is one for any number of brokers that open at once, and closes to a table that outlives a crash', async () => {
    const { url } = await freshDatabase();
    const under = await ledgerOnDatabase(url, 6);
    expect(new Set(under.ledgers.map((ledger) => ledger.current().incarnation)).size).toBe(1);
    await under.pools[0].query('ALTER TABLE ledger_2 SET LOGGED');
    const late = await ledgerOnDatabase(url, 1);
    expect(() => late.ledgers[0].current()).toThrow(Unavailable);
    expect(late.problems).toEqual([expect.objectContaining({ message: 'not an unlogged table: ledger_2' })]);
    await late.pools[0].query('ALTER TABLE ledger_2 SET UNLOGGED');
    await eventually(() => isKnown(late), SOON_MS);
    await Promise.all([under.close(), late.close()]);
  });
});

describe('two brokers that hammer the same tokens and ids', () => {
  it('never wait for each other in a circle', async () => {
    const under = await ledgerOnDatabase((await freshDatabase()).url, 2);
    const a = new LedgerBuilder(under);
    const claims = await Promise.all(
      times(60, (turn) => a.claim({ expiresAt: Date.now() + (turn + 1) * 50_000 })),
    );
    const attempts = await Promise.all(
      times(60, async (turn) => a.attempt({ exp: Math.floor(Date.now() / 1000) + 10 + (turn % 4) * 90 })),
    );
    const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;
    const act = (turn: number): Promise<unknown> => {
      const entry = { claims: [pick(claims), pick(claims), pick(claims)] };
      if (turn % 3 === 0) return a.door(turn).noteMismatch(pick(attempts), { ...a.entry(), ...entry });
      if (turn % 3 === 1) return a.door(turn).record({ ...a.entry(), ...entry });
      return a.door(turn).spend(pick(attempts), { ...a.entry(), claims: [] });
    };
    let turn = 0;
    for (let round = 0; round < 30; round++) await Promise.all(times(200, () => act(turn++)));
    expect(under.problems).toEqual([]);
    expect(await under.events()).toHaveLength(6_000);
    await under.close();
  });
});
