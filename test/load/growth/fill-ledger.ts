import type { Client } from 'pg';
import {
  bucketOf,
  tableOf,
  TOKEN_BUCKET_SECONDS,
  tokenRing,
} from '../../../libs/postgres/src/ledger/ring.ts';

/** Half of them where tokens are spent that are minted now, half where those of the next minutes are. */
const BUCKETS_AHEAD = [2, 3];

/** Fills the ledger up to so many spent tokens that are remembered. Their ids are as old as the tokens could be. */
export async function fillLedger(database: Client, entries: number): Promise<void> {
  const now = Date.now();
  for (const ahead of BUCKETS_AHEAD) {
    const table = `ledger_${tableOf(bucketOf(tokenRing(TOKEN_BUCKET_SECONDS), now / 1000) + ahead)}`;
    const { rows } = await database.query<{ count: number }>(`SELECT count(*)::int FROM ${table}`);
    const missing = Math.ceil(entries / BUCKETS_AHEAD.length) - (rows[0]?.count ?? 0);
    if (missing > 0) await database.query(`INSERT INTO ${table} (jti, spender) ${TIMED_IDS}`, [missing, now]);
  }
}

/** Milliseconds of the last five minutes in order, and 80 bits that look random. */
const TIMED_IDS = `
  SELECT (lpad(to_hex($2::int8 - 300000 + number * 300000 / $1::int8), 12, '0')
          || substr(md5(number::text || clock_timestamp()), 1, 20))::uuid, 1
    FROM generate_series(1, $1::int8) AS number`;
