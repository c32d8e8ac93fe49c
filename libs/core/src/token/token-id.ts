import { randomFillSync } from 'node:crypto';
import type { EpochMs } from '../shared/clock.ts';

/** Random bytes are drawn for many ids at once: one call costs as much as the bytes of a hundred. */
const pool = Buffer.alloc(10 * 128);
let used = pool.length;

/** A new token id in UUID form: 48 bits of milliseconds, so that the ledger's index grows at its end, and 80 random bits. */
export function newTokenId(now: EpochMs): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.toString('hex', used, used + 10);
  used += 10;
  const hex = Math.floor(now).toString(16).padStart(12, '0') + random;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** When an id was made, to the millisecond. */
export function issuedAt(tokenId: string): EpochMs {
  return Number.parseInt(tokenId.slice(0, 8) + tokenId.slice(9, 13), 16);
}
