import { createPrivateKey, createSecretKey } from 'node:crypto';
import { decodeBase64url, readPublicKey, type JsonObject, type KeyLife } from '#core';
import type { RingKey, SealingKey, SigningKey } from './ring-key.ts';

const SEALING_KEY_BYTES = 32;

/**
 * A private JWK and the row it lay in, as a key that can be used. Null when the two do not belong together: the JWK
 * names its kid, so that a row cannot be given another one's key, nor another use.
 */
export function readRingKey(life: KeyLife, jwk: JsonObject): RingKey | null {
  if (jwk['kid'] !== life.kid) return null;
  return life.use === 'seal' ? readSealingKey(life, jwk) : readSigningKey(life, jwk);
}

function readSealingKey({ kid, createdAt, activeFrom }: KeyLife, { kty, k }: JsonObject): SealingKey | null {
  const bytes = kty === 'oct' && typeof k === 'string' ? decodeBase64url(k) : null;
  if (bytes?.length !== SEALING_KEY_BYTES) return null;
  return { kid, use: 'seal', createdAt, activeFrom, secret: createSecretKey(bytes) };
}

function readSigningKey({ kid, createdAt, activeFrom }: KeyLife, jwk: JsonObject): SigningKey | null {
  const { kty, crv, x, y, d } = jwk;
  const readable = readPublicKey({ kty, crv, x, y });
  if (readable === null || readable.jwk.kty !== 'EC' || typeof d !== 'string') return null;
  const members = readable.jwk;
  return {
    kid,
    use: 'sign',
    alg: 'ES256',
    createdAt,
    activeFrom,
    privateKey: createPrivateKey({ key: { ...members, d }, format: 'jwk' }),
    publicJwk: { ...members, kid, use: 'sig', alg: 'ES256' },
  };
}
