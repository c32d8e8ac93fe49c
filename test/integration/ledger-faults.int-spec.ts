import { Unavailable, type ClaimVerdict, type SpendVerdict } from '#core';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#embedded-postgres';
import { migrate } from '#postgres';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { LedgerBuilder, times } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { eventually } from '../support/eventually.ts';
import { expectHonest, isKnown, isKnownToNone, LONGEST_ANSWER_MS } from '../support/expect-honest.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { startFreezableProxy } from '../support/freezable-proxy.ts';
import { ledgerOnDatabase, type LedgerOnDatabase } from '../support/ledger-on-database.ts';
import { TokenLoad } from '../support/token-load.ts';

/** Tens of milliseconds, where the machine has nothing else to do. */
const SOON_MS = 5_000;

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

  it('comes back with another incarnation, and knows no token of the old one', async () => {
    const a = new LedgerBuilder(under);
    const [spent, unspent] = [await a.attempt(), await a.attempt()];
    const used = await a.claim();
    const event = a.entry<SpendVerdict>([used]);
    expect(await under.ledgers[0].spend(spent, event)).toEqual({ verdict: 'spent' });

    await server.crash();
    const orphan = a.entry<ClaimVerdict>();
    await expect(under.ledgers[0].record(orphan)).rejects.toThrow(Unavailable);
    // The brokers hear of it one after the other: each by its own connections.
    await eventually(() => isKnownToNone(under), SOON_MS);
    expect(() => under.ledgers[1]!.current()).toThrow(Unavailable);
    await server.restart();
    await eventually(() => isKnown(under), SOON_MS);

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
      await eventually(() => isKnown(under), SOON_MS);
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
    await eventually(async () => isKnown(under) && (await under.now()) > 0, SOON_MS);
    expect(await under.ledgers[0].spend({ ...(await a.attempt()), ...before }, a.entry())).toEqual({
      verdict: 'ledger_gone',
    });
  });

  it('has another incarnation after an orderly restart, which keeps unlogged tables', async () => {
    const before = under.ledgers[0].current();
    await server.restart();
    await eventually(
      () => isKnown(under) && under.ledgers[1]!.current().incarnation !== before.incarnation,
      SOON_MS,
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
      await eventually(() => isKnown(under), SOON_MS);
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
      await eventually(() => isKnown(under), SOON_MS);
      expect(await under.ledgers[0].spend(attempt, a.entry())).toEqual({ verdict: 'spent' });
    } finally {
      await locker.end();
      await under.close();
    }
  });
});
