import { bucketOf, RING_TABLES, tableOf, tokenRing, USED_IDS } from '../../libs/postgres/src/ledger/ring.ts';
import { auditRow } from '../../libs/postgres/src/ledger/audit-row.ts';
import { foresee } from '../../libs/postgres/src/ledger/foresee.ts';
import { PendingEntry, type Act } from '../../libs/postgres/src/ledger/pending-entry.ts';
import { settleAtOnce } from '../../libs/postgres/src/ledger/settle-at-once.ts';
import { LedgerBuilder } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import { newTokenId, type Claim, type Reliance } from '#core';
import type { PoolClient } from 'pg';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { ledgerOnDatabase, type LedgerOnDatabase } from '../support/ledger-on-database.ts';

const TOKENS = tokenRing(150);

interface Batch {
  claim: Claim;
  token: Awaited<ReturnType<LedgerBuilder['attempt']>>;
  reliance: Reliance;
}

/** What one statement writes is all of a batch or nothing of it. */
describe('a batch that is settled at once', () => {
  let under: LedgerOnDatabase;
  let a: LedgerBuilder;
  let connection: PoolClient;
  let other: PoolClient;
  beforeAll(async () => {
    under = await ledgerOnDatabase((await freshDatabase()).url, 1);
    a = new LedgerBuilder(under);
    [connection, other] = [await under.pools[0].connect(), await under.pools[0].connect()];
  });
  afterAll(async () => {
    connection.release();
    other.release();
    await under.close();
  });

  const runOf = { ledger: 'main', tokens: TOKENS, elsewhere: null };

  /** A spend with a client assertion, and a permit. */
  async function batchOf(changes: Partial<Batch> = {}) {
    const batch: Batch = {
      claim: await a.claim(),
      token: await a.attempt(),
      reliance: { kind: 'subject', id: newTokenId(0), since: await under.now() },
      ...changes,
    };
    const entry = a.entry<null>([batch.claim]);
    const pending = (wants: Act, one = entry) => new PendingEntry(one, wants, () => null);
    const entries = [
      pending({ act: 'spend', token: batch.token }),
      pending({ act: 'permit', reliances: [batch.reliance] }, a.entry<null>()),
    ];
    const rows = [auditRow(entry.describe(null))];
    const settle = () => {
      const foreseen = foresee(entries, runOf);
      if (foreseen === null) throw new Error('the batch was not foreseen');
      return settleAtOnce({ connection, tokens: TOKENS }, foreseen, rows);
    };
    return { ...batch, entry, settle };
  }

  const sql = (text: string, values: unknown[] = []) => under.pools[0].query(text, values);

  async function written({ entry, claim, token }: Awaited<ReturnType<typeof batchOf>>) {
    const { rows } = await sql(
      `SELECT (SELECT count(*)::int FROM audit_event WHERE id = $1) AS events,
              (SELECT count(*)::int FROM used_id_${tableOf(bucketOf(USED_IDS, claim.expiresAt / 1000))}
                WHERE id = sha256(convert_to($2, 'UTF8'))) AS ids,
              (SELECT count(*)::int FROM ledger_${tableOf(bucketOf(TOKENS, token.exp))} WHERE jti = $3) AS tokens`,
      [entry.id, claim.id, token.jti],
    );
    return rows[0];
  }

  const useId = (table: number, { id, owner }: Claim) =>
    sql(`INSERT INTO used_id_${table} (kind, owner, id) VALUES (1, $1, sha256(convert_to($2, 'UTF8')))`, [
      Buffer.from(owner),
      id,
    ]);

  it('is written as a whole, event and all, in one round trip', async () => {
    const batch = await batchOf();
    expect(await batch.settle()).toBe(true);
    expect(await written(batch)).toEqual({ events: 1, ids: 1, tokens: 1 });
    expect(await batch.settle()).toBe(false);
  });

  it('is written where its ids and its tokens lie in two buckets', async () => {
    const [claim, token] = [await a.claim(), await a.attempt()];
    const claims = [claim, await a.claim({ expiresAt: claim.expiresAt + USED_IDS.bucketSeconds * 1000 })];
    const tokens = [token, await a.attempt({ exp: token.exp + TOKENS.bucketSeconds })];
    const entries = tokens.map(
      (token, at) => new PendingEntry(a.entry<null>([claims[at]!]), { act: 'spend', token }, () => null),
    );
    const foreseen = foresee(entries, runOf)!;
    for (const rows of [foreseen.ids, foreseen.tokens]) {
      expect(new Set(rows.map(({ bucket }) => bucket)).size).toBe(2);
    }
    expect(await settleAtOnce({ connection, tokens: TOKENS }, foreseen, [])).toBe(true);
    expect(await settleAtOnce({ connection, tokens: TOKENS }, foreseen, [])).toBe(false);
    for (const token of tokens) {
      expect(await under.ledgers[0].spend(token, a.entry())).toMatchObject({ verdict: 'already_spent' });
    }
    for (const claim of claims) {
      expect(await under.ledgers[0].record(a.entry([claim]))).toEqual({ reused: claim });
    }
  });

  it.each(RING_TABLES)('is written whatever tables its ids are for: with %i', async (table) => {
    const current = bucketOf(USED_IDS, (await under.now()) / 1000);
    const bucket = [1, 2, 3, 4].map((ahead) => current + ahead).find((one) => tableOf(one) === table)!;
    await sql('UPDATE used_id_floor SET floor = $1', [bucket - 2]);
    const batch = await batchOf({
      claim: await a.claim({ expiresAt: bucket * USED_IDS.bucketSeconds * 1000 }),
    });
    expect(await batch.settle()).toBe(true);
    expect(await written(batch)).toEqual({ events: 1, ids: 1, tokens: 1 });
    await sql('UPDATE used_id_floor SET floor = $1', [current - 1]);
  });

  const seconds = (count: number) => async () => (await under.now()) + count * 1000;
  it.each<[string, () => Promise<{ changes?: Partial<Batch>; before?: (batch: Batch) => Promise<unknown> }>]>(
    [
      ...RING_TABLES.map((table): [string, () => Promise<{ before: (batch: Batch) => Promise<unknown> }>] => [
        `its id was used, and lies in table ${table}`,
        () => Promise.resolve({ before: ({ claim }) => useId(table, claim) }),
      ]),
      [
        'what carries its id is dead by its own time',
        async () => ({ changes: { claim: await a.claim({ expiresAt: await seconds(-1)() }) } }),
      ],
      [
        'its id outlives the ring',
        async () => ({ changes: { claim: await a.claim({ expiresAt: await seconds(9_000)() }) } }),
      ],
      [
        'its token was spent',
        () => Promise.resolve({ before: async ({ token }) => under.ledgers[0].spend(token, a.entry()) }),
      ],
      [
        'its token was mismatched',
        () =>
          Promise.resolve({ before: async ({ token }) => under.ledgers[0].noteMismatch(token, a.entry()) }),
      ],
      [
        'its token has expired',
        async () => ({
          changes: { token: await a.attempt({ exp: Math.floor((await seconds(-1)()) / 1000) }) },
        }),
      ],
      [
        'its token is of another incarnation',
        async () => ({ changes: { token: await a.attempt({ incarnation: 'another' }) } }),
      ],
      [
        'its token outlives the ring',
        async () => ({
          changes: { token: await a.attempt({ exp: Math.floor((await seconds(900)()) / 1000) }) },
        }),
      ],
      [
        'what its permit stands on was cut off',
        () =>
          Promise.resolve({
            before: async ({ reliance }) => {
              await sql(
                `INSERT INTO cut_off (kind, id, dead_until, recorded_at, source) VALUES ($1, $2, now() + interval '1 hour', now() - interval '1 day', 'test')`,
                [reliance.kind, reliance.id],
              );
            },
          }),
      ],
      [
        'anything was cut off within the life of its token',
        () =>
          Promise.resolve({
            before: () =>
              sql(
                `INSERT INTO cut_off (kind, id, dead_until, recorded_at, source) VALUES ('subject', 'mallory', now(), now(), 'test')`,
              ),
          }),
      ],
    ],
  )('writes nothing where %s', async (_, make) => {
    const { changes = {}, before } = await make();
    const batch = await batchOf(changes);
    await before?.(batch);
    const stood = await written(batch);
    expect(await batch.settle()).toBe(false);
    expect(await written(batch)).toEqual(stood);
    expect(stood).toMatchObject({ events: 0 });
    await sql('DELETE FROM cut_off');
  });

  it.each<[string, (batch: Batch) => [text: string, values: unknown[]]]>([
    [
      'ids',
      ({ claim: { id, owner, expiresAt } }) => [
        `INSERT INTO used_id_${tableOf(bucketOf(USED_IDS, expiresAt / 1000))} (kind, owner, id)
         VALUES (1, $1, sha256(convert_to($2, 'UTF8')))`,
        [Buffer.from(owner), id],
      ],
    ],
    [
      'tokens',
      ({ token: { jti, exp } }) => [
        `INSERT INTO ledger_${tableOf(bucketOf(TOKENS, exp))} (jti, spender, mismatches) VALUES ($1, 9, 0)`,
        [jti],
      ],
    ],
  ])(
    'writes nothing where another process writes one of its %s between look and write',
    async (what, theirs) => {
      const batch = await batchOf();
      await other.query('BEGIN');
      await other.query(...theirs(batch));
      const settled = batch.settle();
      await eventually(async () => {
        const { rows } = await sql(`SELECT FROM pg_locks WHERE NOT granted`);
        return rows.length > 0;
      }, 1_000);
      await other.query('COMMIT');
      expect(await settled).toBe(false);
      expect(await written(batch)).toEqual({ events: 0, ids: 0, tokens: 0, [what]: 1 });
      expect(await (await batchOf()).settle()).toBe(true);
    },
  );
});
