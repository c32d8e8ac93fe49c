import type { StoredDeferral } from '#core';
import type { PoolClient } from 'pg';
import { DEFERRAL_COLUMNS, toDeferral, type DeferralRow } from './deferral-row.ts';

/** The one with this code; null when there is none. Fails  Error of the driver */
export async function findDeferral(connection: PoolClient, codeHash: Buffer): Promise<StoredDeferral | null> {
  const { rows } = await connection.query<DeferralRow>({
    name: 'deferral.find',
    text: FIND,
    values: [codeHash],
  });
  const [row] = rows;
  return row === undefined ? null : toDeferral(row);
}

const FIND = `SELECT ${DEFERRAL_COLUMNS} FROM deferral WHERE code_hash = $1`;
