import { MISMATCHES_THAT_KILL, type TokenEntry, type TokenState } from '#core';
import type { PoolClient } from 'pg';
import { IS_OF_THIS_LEDGER } from './incarnation.ts';
import { bucketOf, RING_TABLES, tableOf, type Ring } from './ring.ts';

interface Seen {
  is_ours: boolean;
  is_over: boolean;
  spender: number | null;
  mismatches: number | null;
}

/** What stands in the ledger of a token, by one snapshot. Changes nothing and waits for nobody. */
export async function lookAtToken(
  connection: PoolClient,
  ring: Ring,
  { jti, exp, incarnation }: TokenEntry,
): Promise<TokenState> {
  const bucket = bucketOf(ring, exp);
  const { rows } = await connection.query<Seen>({
    name: `ledger.look_${tableOf(bucket)}`,
    text: LOOKS[tableOf(bucket)] ?? '',
    values: [ring.bucketSeconds, incarnation, bucket, jti, exp],
  });
  const [seen] = rows;
  if (seen?.is_ours !== true) return 'ledger_gone';
  if (seen.is_over) return 'expired';
  if (seen.spender !== null) return 'spent';
  return (seen.mismatches ?? 0) >= MISMATCHES_THAT_KILL ? 'killed' : 'unspent';
}

const LOOKS = RING_TABLES.map(
  (table) => `
    SELECT ledger.incarnation IS NOT NULL AS is_ours,
           $5::float8 <= extract(epoch FROM clock_timestamp()) OR $3::int8 <= coalesce(ledger.floor, 0) AS is_over,
           kept.spender, kept.mismatches
      FROM (SELECT 1) AS one
      LEFT JOIN ledger_incarnation AS ledger ON ledger.incarnation = $2 AND ${IS_OF_THIS_LEDGER.replaceAll('tableoid', 'ledger.tableoid')}
      LEFT JOIN ledger_${table} AS kept ON kept.jti = $4::uuid`,
);
