/**
 * Four tables that are filled in turn. What dies in one stretch of time, its bucket, lies in one table, and is
 * forgotten by emptying that table. Everything up to bucket `floor` is forgotten; the next four are open.
 */
export interface Ring {
  /** Tables are called `<tables>_0` to `<tables>_3`. */
  readonly tables: 'ledger' | 'used_id';
  readonly floorTable: 'ledger_incarnation' | 'used_id_floor';
  /** Length of a bucket. What lives for up to two of them always finds its bucket open. */
  readonly bucketSeconds: number;
  /** Second half of the advisory lock under which the ring is advanced; see `ADVISORY_CLASS`. */
  readonly advisoryLock: number;
}

export const RING_TABLES = [0, 1, 2, 3] as const;

/** First half of all advisory locks of the ledger: the letters `once`. */
export const ADVISORY_CLASS = 0x6f6e6365;

/** Half of the longest life that a policy may give to a token. */
export const TOKEN_BUCKET_SECONDS = 150;

export function tokenRing(bucketSeconds: number): Ring {
  return { tables: 'ledger', floorTable: 'ledger_incarnation', bucketSeconds, advisoryLock: 1 };
}

/** More than half of an hour: the longest life of an assertion, with the tolerances for clocks. */
export const USED_IDS: Ring = {
  tables: 'used_id',
  floorTable: 'used_id_floor',
  bucketSeconds: 2_000,
  advisoryLock: 2,
};

/** Number of the bucket in which something lies that dies at `seconds` since 1970. */
export function bucketOf(ring: Ring, seconds: number): number {
  return Math.floor(seconds / ring.bucketSeconds);
}

/** Number of the table in which a bucket lies. */
export function tableOf(bucket: number): number {
  return bucket % RING_TABLES.length;
}
