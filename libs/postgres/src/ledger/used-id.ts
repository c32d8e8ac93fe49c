import { hash } from 'node:crypto';
import type { Claim } from '#core';
import { bucketOf, USED_IDS } from './ring.ts';

/** A claim as the database knows it. */
export interface UsedId {
  readonly claim: Claim;
  readonly kind: number;
  readonly owner: Uint8Array;
  readonly id: Buffer;
  /** The same for the same id in the same name space, and in the order in which every process locks rows. */
  readonly key: string;
  readonly bucket: number;
}

/** Written into rows: numbers are never given away again. */
const KINDS = {
  client_assertion: 1,
  dpop_proof: 2,
  identity_assertion: 3,
  global_revocation: 4,
} as const satisfies Record<Claim['kind'], number>;

/** Fails  RangeError when the claim's expiry is no time */
export function usedId(claim: Claim): UsedId {
  const bucket = bucketOf(USED_IDS, claim.expiresAt / 1000);
  if (!Number.isSafeInteger(bucket) || bucket < 0) throw new RangeError('the expiry of a claim is no time');
  const kind = KINDS[claim.kind];
  const owner = Buffer.from(claim.owner, 'utf8');
  const id = hash('sha256', claim.id, 'buffer');
  const key = `${id.toString('latin1')}${kind}${owner.toString('latin1')}`;
  return { claim, kind, owner, id, key, bucket };
}
