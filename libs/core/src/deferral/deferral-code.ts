import { randomBytes, randomInt } from 'node:crypto';
import { sha256 } from '../shared/sha256.ts';

/** Every deferral code begins with it, so that secret scanners find one that leaked. */
export const DEFERRAL_PREFIX = 'oncedefer_';

/** 256 random bits. */
export function newDeferralCode(): string {
  return `${DEFERRAL_PREFIX}${randomBytes(32).toString('base64url')}`;
}

/** Under which a code is kept. */
export function hashOfCode(code: string): Buffer {
  return sha256(code);
}

/** Nobody mistakes one of these for another, and no word comes of them (RFC 8628 §6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

/** Eight letters for people to compare: `WDJB-MJHT`. */
export function newBindingCode(): string {
  const half = (): string => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${half()}-${half()}`;
}
