import type { Client } from 'pg';
import {
  bucketOf,
  tableOf,
  TOKEN_BUCKET_SECONDS,
  tokenRing,
} from '../../../libs/postgres/src/ledger/ring.ts';
import { inPortions } from './in-portions.ts';

/** Half of them where tokens are spent that are minted now, half where those of the next minutes are. */
const BUCKETS_AHEAD = [2, 3];

/**
 * Fills the ledger up to so many spent tokens that are remembered. Their ids are as old as the tokens could be. The
 * tables are open to the broker meanwhile, with their index, and nothing gathers statistics of them: as they ever are.
 *
 * Out    resolves with the function that tells how many are there later: the broker empties the tables in their turn
 */
export async function fillLedger(database: Client, entries: number): Promise<() => Promise<number>> {
  const now = Date.now();
  const bucket = bucketOf(tokenRing(TOKEN_BUCKET_SECONDS), now / 1000);
  const tables = BUCKETS_AHEAD.map((ahead) => `ledger_${tableOf(bucket + ahead)}`);
  const counts = (): Promise<number[]> => countsOf(database, tables);
  const before = await counts();
  for (const [at, table] of tables.entries()) {
    const missing = Math.ceil(entries / tables.length) - (before[at] ?? 0);
    await inPortions(missing, (from, to) =>
      database.query(`INSERT INTO ${table} (jti, spender) ${TIMED_IDS}`, [missing, now, from, to]),
    );
  }
  return async () => (await counts()).reduce((sum, count) => sum + count, 0);
}

async function countsOf(database: Client, tables: readonly string[]): Promise<number[]> {
  const counts: number[] = [];
  for (const table of tables) {
    const { rows } = await database.query<{ count: number }>(`SELECT count(*)::int FROM ${table}`);
    counts.push(rows[0]?.count ?? 0);
  }
  return counts;
}

/** Milliseconds of the last five minutes in order, and 80 bits that look random. */
const TIMED_IDS = `
  SELECT (lpad(to_hex($2::int8 - 300000 + number * 300000 / $1::int8), 12, '0')
          || substr(md5(number::text || clock_timestamp()), 1, 20))::uuid, 1
    FROM generate_series($3::int8, $4::int8) AS number`;
