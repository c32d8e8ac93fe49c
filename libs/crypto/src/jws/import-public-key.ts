import { createPublicKey, type KeyObject } from 'node:crypto';
import type { PublicJwk } from '#core';

/**
 * Ed25519 points of small order, encoded as RFC 8032 §5.1.2 has it, sign bit cleared: whoever names one as a key
 * can show a signature for any message without holding a secret.
 */
const SMALL_ORDER_POINTS = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** A public key as `node:crypto` wants it. Null when its numbers make no key: a point off its curve, say. */
export function importPublicKey(jwk: PublicJwk): KeyObject | null {
  if (jwk.kty === 'OKP' && isOfSmallOrder(jwk.x)) return null;
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return null;
  }
}

function isOfSmallOrder(x: string): boolean {
  const bytes = Buffer.from(x, 'base64url');
  const last = bytes.at(31);
  if (last === undefined) return false;
  bytes[31] = last & 0x7f;
  return SMALL_ORDER_POINTS.has(bytes.toString('hex'));
}
