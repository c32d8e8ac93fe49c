import type { KeptSpend, TokenEntry } from '#core';
import type { PoolClient } from 'pg';
import { IS_OF_THIS_LEDGER } from './incarnation.ts';
import { bucketOf, RING_TABLES, tableOf, type Ring } from './ring.ts';

/**
 * How a token was spent that would still live; null when nobody did, or when nothing is known of it any more. Changes
 * nothing and waits for nobody.
 */
export async function findSpend(
  connection: PoolClient,
  ring: Ring,
  { jti, exp, incarnation }: TokenEntry,
): Promise<KeptSpend | null> {
  const bucket = bucketOf(ring, exp);
  const { rows } = await connection.query<{ spender: number; target_uri: string | null }>({
    name: `ledger.find_spend_${tableOf(bucket)}`,
    text: FINDS[tableOf(bucket)] ?? '',
    values: [ring.bucketSeconds, incarnation, bucket, jti, exp],
  });
  const [row] = rows;
  return row === undefined ? null : { spender: row.spender, targetUri: row.target_uri };
}

const FINDS = RING_TABLES.map(
  (table) => `
    SELECT spender, target_uri FROM ledger_${table}
     WHERE jti = $4::uuid AND spender IS NOT NULL AND $5::float8 > extract(epoch FROM clock_timestamp())
       AND EXISTS (SELECT FROM ledger_incarnation
                    WHERE incarnation = $2 AND ${IS_OF_THIS_LEDGER}
                      AND $3::int8 > floor AND $3::int8 <= floor + ${RING_TABLES.length})`,
);
