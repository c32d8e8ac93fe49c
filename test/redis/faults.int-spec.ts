import { readFileSync } from 'node:fs';
import { Unavailable, type SpendVerdict } from '#core';
import { LedgerBuilder, times } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { eventually } from '../support/eventually.ts';
import { expectHonest, isKnown, LONGEST_ANSWER_MS } from '../support/expect-honest.ts';
import { startFreezableProxy } from '../support/freezable-proxy.ts';
import type { LedgerOnDatabase } from '../support/ledger-on-database.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { TokenLoad } from '../support/token-load.ts';
import { ledgerOnRedis } from './ledger-on-redis.ts';

/** Longer than any of it takes on a machine that does other things too. */
const SOON_MS = 20_000;

const incarnationOf = ({ ledgers: [ledger] }: LedgerOnDatabase): string => ledger.current().incarnation;

(hasRedis() ? describe : describe.skip)('a ledger whose Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());

  it('is killed under load honours no token twice and loses no answered event', async () => {
    const under = await ledgerOnRedis(server.url, 2);
    try {
      const load = new TokenLoad({ ledgers: under.ledgers, workers: 16, lifeSeconds: 20 });
      for (let kill = 0; kill < 4; kill++) {
        const before = load.answered;
        await eventually(() => load.answered > before + 300, SOON_MS);
        await server.kill();
        await eventually(() => !isKnown(under), SOON_MS);
        await server.start();
        await eventually(() => isKnown(under), SOON_MS);
      }
      const report = await load.stop();
      await expectHonest(under, report);
      expect(report.unavailable).toBeGreaterThan(0);
      expect(report.verdicts['ledger_gone']).toBeGreaterThan(0);
      expect(under.problems.length).toBeGreaterThanOrEqual(2);
    } finally {
      await under.close();
    }
  });

  it('has buckets that pass under load honours no token twice', async () => {
    const under = await ledgerOnRedis(server.url, 2, { name: 'short', bucketSeconds: 1 });
    try {
      const load = new TokenLoad({ ledgers: under.ledgers, workers: 16, lifeSeconds: 2 });
      const { incarnation } = under.ledgers[0].current();
      const began = performance.now();
      await eventually(() => performance.now() - began > 6_000, SOON_MS);
      const report = await load.stop();
      await expectHonest(under, report);
      expect(report.verdicts['expired']).toBeGreaterThan(0);
      expect(report.verdicts['ledger_gone']).toBeUndefined();
      expect(incarnationOf(under)).toBe(incarnation);
      expect(under.problems).toEqual([]);
    } finally {
      await under.close();
    }
  });

  it('falls silent answers Unavailable in time, keeps no claim, and works again when the server does', async () => {
    const proxy = await startFreezableProxy(server.port);
    const under = await ledgerOnRedis(`redis://127.0.0.1:${proxy.port}`, 1, { name: 'silent' });
    try {
      const a = new LedgerBuilder(under);
      const [attempt, claim] = [await a.attempt(), await a.claim()];
      proxy.freeze();
      const began = performance.now();
      await expect(under.ledgers[0].spend(attempt, a.entry([claim]))).rejects.toThrow(Unavailable);
      expect(performance.now() - began).toBeLessThan(LONGEST_ANSWER_MS);
      expect(() => under.ledgers[0].current()).toThrow(Unavailable);
      // All else needs no Redis.
      expect(await under.ledgers[0].record(a.entry([claim]))).toEqual({ reused: null });
      proxy.thaw();
      await eventually(() => isKnown(under), SOON_MS);
      expect(under.problems).toHaveLength(1);
      expect(await under.ledgers[0].spend(await a.attempt(), a.entry())).toEqual({ verdict: 'spent' });
    } finally {
      await under.close();
      await proxy.stop();
    }
  });

  it('has no room left answers Unavailable', async () => {
    const under = await ledgerOnRedis(server.url, 1, { name: 'full' });
    try {
      const a = new LedgerBuilder(under);
      const attempt = await a.attempt();
      await server.command('CONFIG', 'SET', 'maxmemory', '1mb');
      await expect(under.ledgers[0].spend(attempt, a.entry())).rejects.toThrow(Unavailable);
      await server.command('CONFIG', 'SET', 'maxmemory', '0');
      await eventually(() => isKnown(under), SOON_MS);
      expect(await under.ledgers[0].spend(attempt, a.entry())).toEqual({ verdict: 'spent' });
    } finally {
      await under.close();
    }
  });

  it('answers Unavailable, to that entry alone, for what lives longer than it remembers', async () => {
    const under = await ledgerOnRedis(server.url, 1, { name: 'eternal' });
    try {
      const a = new LedgerBuilder(under);
      const eternal = await a.attempt({ exp: Math.floor(Date.now() / 1000) + 86_400 });
      const longest = await a.attempt({ exp: Math.floor(Date.now() / 1000) + 300 });
      const outcomes = await Promise.allSettled(
        [eternal, longest].map((attempt) => under.ledgers[0].spend(attempt, a.entry())),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    } finally {
      await under.close();
    }
  });

  it('knows the broker as a user with the rights that are documented, and no others, serves it', async () => {
    const rights = /needs `([^`]+)`/.exec(readFileSync('docs/operations.md', 'utf8'))?.[1]?.split(' ') ?? [];
    expect(rights).toContain('+evalsha');
    await server.command('ACL', 'SETUSER', 'broker', 'on', '>p@ss', '~oncekey:*', '-@all', ...rights);
    const url = `redis://broker:p%40ss@127.0.0.1:${server.port}/1`;
    const under = await ledgerOnRedis(url, 1, { name: 'user' });
    try {
      const a = new LedgerBuilder(under);
      const attempt = await a.attempt();
      expect(await under.ledgers[0].spend(attempt, a.entry())).toEqual({ verdict: 'spent' });
      expect(await under.ledgers[0].look(attempt)).toBe('spent');
      expect(under.problems).toEqual([]);
    } finally {
      await under.close();
    }
  });

  it('spent a token of which the event was not written repeats it for the same key, and for nobody else', async () => {
    const under = await ledgerOnRedis(server.url, 2, { name: 'broken' });
    try {
      const a = new LedgerBuilder(under);
      const attempt = await a.attempt({ repeatKey: Buffer.from('the key.') });
      await under.pools[0].query('ALTER TABLE audit_event RENAME TO audit_event_away');
      await expect(under.ledgers[0].spend(attempt, a.entry())).rejects.toThrow(Unavailable);
      await under.pools[0].query('ALTER TABLE audit_event_away RENAME TO audit_event');
      await eventually(() => isKnown(under), SOON_MS);
      const stranger = { ...attempt, repeatKey: null };
      expect(await under.ledgers[1]!.spend(stranger, a.entry())).toEqual({ verdict: 'already_spent' });
      const entry = a.entry<SpendVerdict>();
      expect(await under.ledgers[1]!.spend(attempt, entry)).toEqual({ verdict: 'repeated' });
      expect((await under.events()).map(({ id }) => id)).toContain(entry.id);
    } finally {
      await under.close();
    }
  });

  it('spends while something is cut off on the way: the cut-off wins', async () => {
    const under = await ledgerOnRedis(server.url, 1, { name: 'cut' });
    try {
      const a = new LedgerBuilder(under);
      const [ledger] = under.ledgers;
      const reliance = {
        kind: 'subject',
        id: 'https://idp.example ada',
        since: (await under.now()) - 1,
      } as const;
      const attempts = await Promise.all(times(20, () => a.attempt({ reliances: [reliance] })));
      await under.passUntil((await under.now()) + 2);
      const revocation = {
        source: 'desk',
        saidAt: null,
        event: null,
        cutOffs: [{ kind: 'subject', id: reliance.id, change: { is: 'cut', upTo: null } }],
      } as const;
      await ledger.revoke(revocation, a.entry());
      const verdicts = await Promise.all(attempts.map((attempt) => ledger.spend(attempt, a.entry())));
      expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['revoked']));
      expect(await ledger.look(attempts[0]!)).toBe('unspent');
    } finally {
      await under.close();
    }
  });
});
