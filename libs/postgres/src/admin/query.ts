import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { orUnavailable } from '../or-unavailable.ts';

/** A pool, or one of its connections with a transaction open on it. */
export type Database = Pool | PoolClient;

export interface Question extends QueryConfig {
  /** Said when there is no answer. */
  readonly what: string;
  /** How long to wait for the answer; a pool has its own limit otherwise. */
  readonly query_timeout?: number;
}

/** Fails  Unavailable */
export function ask<Row extends QueryResultRow>(
  database: Database,
  { what, ...query }: Question,
): Promise<QueryResult<Row>> {
  return orUnavailable(what, () => database.query<Row>(query));
}

/** As `ask`, for the first row; null when there is none. */
export async function askOne<Row extends QueryResultRow>(
  database: Database,
  question: Question,
): Promise<Row | null> {
  const { rows } = await ask<Row>(database, question);
  return rows[0] ?? null;
}
