import { Unavailable, type ClaimVerdict, type SpendVerdict } from '#core';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#embedded-postgres';
import { migrate } from '#postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { LedgerBuilder, times } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { startFreezableProxy } from '../support/freezable-proxy.ts';
import { ledgerOnDatabase, type LedgerOnDatabase } from '../support/ledger-on-database.ts';
import { TokenLoad, type LoadReport } from '../support/token-load.ts';

const A_SECOND_MS = 1_000;
/** Two and a half seconds for a batch that is under way, two before for the wait in the queue, and a noisy machine. */
const LONGEST_ANSWER_MS = 5_000;

function isKnown({ ledgers }: LedgerOnDatabase): boolean {
  try {
    return ledgers.every((ledger) => ledger.current().incarnation !== '');
  } catch {
    return false;
  }
}

async function expectHonest(under: LedgerOnDatabase, report: LoadReport): Promise<void> {
  expect(report.honouredTwice).toEqual([]);
  expect(report.spent).toBeGreaterThan(100);
  expect(report.slowestMs).toBeLessThan(LONGEST_ANSWER_MS);
  const written = new Set((await under.events()).map(({ id }) => id));
  expect(report.acknowledged.filter((id) => !written.has(id))).toEqual([]);
}

describe('a ledger whose server is killed', () => {
  let server: EmbeddedPostgres;
  let under: LedgerOnDatabase;
  beforeAll(async () => {
    server = await startEmbeddedPostgres({ env: process.env, durable: true });
    await migrate(server.url);
    under = await ledgerOnDatabase(server.url, 2);
  });
  afterAll(async () => {
    await under.close();
    await server.stop();
  });

  it('comes back within a second with another incarnation, and knows no token of the old one', async () => {
    const a = new LedgerBuilder(under);
    const [spent, unspent] = [await a.attempt(), await a.attempt()];
    const used = await a.claim();
    const event = a.entry<SpendVerdict>([used]);
    expect(await under.ledgers[0].spend(spent, event)).toEqual({ verdict: 'spent' });

    await server.crash();
    const orphan = a.entry<ClaimVerdict>();
    await expect(under.ledgers[0].record(orphan)).rejects.toThrow(Unavailable);
    await eventually(() => !isKnown(under), A_SECOND_MS);
    expect(() => under.ledgers[1]!.current()).toThrow(Unavailable);
    await server.restart();
    await eventually(() => isKnown(under), A_SECOND_MS);

    expect(under.ledgers[0].current()).toEqual(under.ledgers[1]!.current());
    expect(under.ledgers[0].current().incarnation).not.toBe(spent.incarnation);
    for (const attempt of [spent, unspent]) {
      expect(await under.ledgers[1]!.spend(attempt, a.entry())).toEqual({ verdict: 'ledger_gone' });
    }
    expect(await under.ledgers[0].record(a.entry([used]))).toEqual({ reused: used });
    expect((await under.events()).map(({ id }) => id)).toContain(event.id);
    expect(await under.ledgers[0].spend(await a.attempt(), a.entry())).toEqual({ verdict: 'spent' });
  });

  it('honours no token twice and loses no answered event, however often it is killed under load', async () => {
    const load = new TokenLoad({ ledgers: under.ledgers, workers: 16, lifeSeconds: 20 });
    for (let kill = 0; kill < 4; kill++) {
      const before = load.answered;
      await eventually(() => load.answered > before + 300, 10_000);
      await server.crash();
      await sleep(100);
      await server.restart();
      await eventually(() => isKnown(under), A_SECOND_MS);
    }
    await sleep(300);
    const report = await load.stop();
    await expectHonest(under, report);
    expect(report.unavailable).toBeGreaterThan(0);
    expect(report.verdicts['ledger_gone']).toBeGreaterThan(0);
  }, 60_000);

  it('has another incarnation after a backend of the server was killed, which empties unlogged tables too', async () => {
    const before = under.ledgers[0].current();
    const client = new Client({ connectionString: server.url });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    process.kill(rows[0]!.pid, 'SIGKILL');
    await eventually(
      () => isKnown(under) && under.ledgers[0].current().incarnation !== before.incarnation,
      5_000,
    );
    const a = new LedgerBuilder(under);
    await eventually(async () => isKnown(under) && (await under.now()) > 0, A_SECOND_MS);
    expect(await under.ledgers[0].spend({ ...(await a.attempt()), ...before }, a.entry())).toEqual({
      verdict: 'ledger_gone',
    });
  });

  it('has another incarnation after an orderly restart, which keeps unlogged tables', async () => {
    const before = under.ledgers[0].current();
    await server.restart();
    await eventually(
      () => isKnown(under) && under.ledgers[1]!.current().incarnation !== before.incarnation,
      A_SECOND_MS,
    );
  });
});

describe('a ledger whose server falls silent', () => {
  it('answers Unavailable in time, and works again when the server does', async () => {
    const { url } = await freshDatabase();
    const direct = new URL(url);
    const proxy = await startFreezableProxy(Number(direct.port));
    direct.port = String(proxy.port);
    direct.hostname = '127.0.0.1';
    const under = await ledgerOnDatabase(direct.href, 1);
    try {
      const a = new LedgerBuilder(under);
      expect(await under.ledgers[0].record(a.entry())).toEqual({ reused: null });
      proxy.freeze();
      const began = performance.now();
      const asked = times(20, () => under.ledgers[0].record(a.entry()));
      await sleep(50);
      const late = times(20, () => under.ledgers[0].record(a.entry()));
      const outcomes = await Promise.allSettled([...asked, ...late]);
      expect(performance.now() - began).toBeLessThan(LONGEST_ANSWER_MS);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'broker.unavailable' } });
      }
      expect(() => under.ledgers[0].current()).toThrow(Unavailable);
      expect(under.problems).toHaveLength(1);
      proxy.thaw();
      await eventually(() => isKnown(under), 2 * A_SECOND_MS);
      expect(await under.ledgers[0].record(a.entry())).toEqual({ reused: null });
    } finally {
      await under.close();
      await proxy.stop();
    }
  });

  it('answers Unavailable in time while somebody locks its tables, and keeps nothing of it', async () => {
    const { url } = await freshDatabase();
    const under = await ledgerOnDatabase(url, 1);
    const locker = new Client({ connectionString: url });
    await locker.connect();
    try {
      const a = new LedgerBuilder(under);
      const attempt = await a.attempt();
      await locker.query('BEGIN; LOCK TABLE ledger_0, ledger_1, ledger_2, ledger_3 IN ACCESS EXCLUSIVE MODE');
      const began = performance.now();
      await expect(under.ledgers[0].spend(attempt, a.entry())).rejects.toThrow(Unavailable);
      expect(performance.now() - began).toBeLessThan(LONGEST_ANSWER_MS);
      await locker.query('ROLLBACK');
      await eventually(() => isKnown(under), A_SECOND_MS);
      expect(await under.ledgers[0].spend(attempt, a.entry())).toEqual({ verdict: 'spent' });
    } finally {
      await locker.end();
      await under.close();
    }
  });
});

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
    expect(entry.heard).toHaveLength(1);
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
    await eventually(() => isKnown(late), A_SECOND_MS);
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
