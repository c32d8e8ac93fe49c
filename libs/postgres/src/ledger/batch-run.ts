import type { SpentTokens } from '#core';
import type { PoolClient } from 'pg';
import type { Ring } from './ring.ts';

/** One run of a batch: a transaction that is open on a connection. */
export interface BatchRun {
  readonly connection: PoolClient;
  /** Name of this ledger, as tokens carry it. */
  readonly ledger: string;
  /** Where spent tokens lie. */
  readonly tokens: Ring;
  /** Where they lie instead, when it is not in this database. */
  readonly elsewhere: SpentTokens | null;
  /** The rings have just been advanced: what is not open now will not be opened by doing it again. */
  readonly hasAdvanced: boolean;
}

/** Something lives longer than the open buckets of a ring reach: it has to be advanced before the batch runs again. */
export class RingBehind extends Error {
  override readonly name = 'RingBehind';
}
