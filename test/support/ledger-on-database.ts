import type { LedgerUnderTest } from '../../libs/testing/src/contracts/ledger-under-test.ts';
import type { AuditEvent, SpentTokens } from '#core';
import { LEDGER_SESSION, PostgresLedger, withSettings } from '#postgres';
import { Pool } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LedgerOnDatabase extends LedgerUnderTest {
  readonly ledgers: readonly [PostgresLedger, ...PostgresLedger[]];
  readonly pools: readonly [Pool, ...Pool[]];
  /** What the ledgers had to tell, beside their answers. */
  readonly problems: unknown[];
}

export interface LedgerSettings {
  readonly tokenBucketSeconds?: number;
  /** Default `main`. */
  readonly name?: string;
  /** Opens, for one broker, the place where tokens are spent. Default: the database. */
  readonly elsewhere?: (
    onProblem: (error: unknown) => void,
  ) => Promise<SpentTokens & { close(): Promise<void> }>;
}

/** As many brokers as asked for, each with a pool and a ledger of its own, on one migrated database. */
export async function ledgerOnDatabase(
  url: string,
  brokers: number,
  { tokenBucketSeconds, name = 'main', elsewhere }: LedgerSettings = {},
): Promise<LedgerOnDatabase> {
  const problems: unknown[] = [];
  const open = async (): Promise<{ pool: Pool; ledger: PostgresLedger; close: () => Promise<void> }> => {
    const pool = new Pool({
      connectionString: withSettings(url, LEDGER_SESSION),
      max: 5,
      connectionTimeoutMillis: 1_000,
      pipeline: true,
    });
    // The ledger listens too, while it is open; before and after that somebody has to.
    pool.on('error', () => undefined);
    const onProblem = (error: unknown): void => void problems.push(error);
    const tokens = await elsewhere?.(onProblem);
    const ledger = await PostgresLedger.open({
      pool,
      name,
      onProblem,
      ...(tokenBucketSeconds === undefined ? {} : { tokenBucketSeconds }),
      ...(tokens === undefined ? {} : { tokens }),
    });
    const close = async (): Promise<void> => {
      await ledger.close();
      await Promise.all([pool.end(), tokens?.close()]);
    };
    return { pool, ledger, close };
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
      await Promise.all(all.map(({ close }) => close()));
    },
  };
}
