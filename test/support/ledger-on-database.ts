import type { LedgerUnderTest } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import type { AuditEvent } from '#core';
import { PostgresLedger } from '#postgres';
import { Pool } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LedgerOnDatabase extends LedgerUnderTest {
  readonly ledgers: readonly [PostgresLedger, ...PostgresLedger[]];
  readonly pools: readonly [Pool, ...Pool[]];
  /** What the ledgers had to tell, beside their answers. */
  readonly problems: unknown[];
}

/** As many brokers as asked for, each with a pool and a ledger of its own, on one migrated database. */
export async function ledgerOnDatabase(
  url: string,
  brokers: number,
  settings: { readonly tokenBucketSeconds?: number } = {},
): Promise<LedgerOnDatabase> {
  const problems: unknown[] = [];
  const open = async (): Promise<{ pool: Pool; ledger: PostgresLedger }> => {
    const pool = new Pool({ connectionString: url, max: 5, connectionTimeoutMillis: 1_000, pipeline: true });
    // The ledger listens too, while it is open; before and after that somebody has to.
    pool.on('error', () => undefined);
    const onProblem = (error: unknown): void => void problems.push(error);
    return { pool, ledger: await PostgresLedger.open({ pool, name: 'main', onProblem, ...settings }) };
  };
  const first = await open();
  const others = await Promise.all(Array.from({ length: brokers - 1 }, open));
  const all = [first, ...others];
  const now = async (): Promise<number> => {
    const { rows } = await first.pool.query<{ now: number }>(
      'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now',
    );
    return rows[0]!.now;
  };
  return {
    ledgers: [first.ledger, ...others.map(({ ledger }) => ledger)],
    pools: [first.pool, ...others.map(({ pool }) => pool)],
    problems,
    now,
    passUntil: async (at) => {
      for (let left = at - (await now()); left > 0; left = at - (await now())) await sleep(left + 1);
    },
    events: async () => {
      const { rows } = await first.pool.query<{ event: AuditEvent }>('SELECT event FROM audit_event');
      return rows.map(({ event }) => event);
    },
    close: async () => {
      await Promise.all(all.map(({ ledger }) => ledger.close()));
      await Promise.all(all.map(({ pool }) => pool.end()));
    },
  };
}
