import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readPublicKey, type JsonObject } from '#core';

/** The key under which this process introspects. It lives as long as the process and is written nowhere. */
export interface AdminKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** Public, with `kid`, `use` and `alg`. */
  readonly jwk: JsonObject;
}

export function makeAdminKey(): AdminKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const members = publicKey.export({ format: 'jwk' });
  const kid = readPublicKey({ ...members })?.thumbprint;
  if (kid === undefined) throw new Error('the key that was made is not one that the broker takes');
  return { kid, privateKey, jwk: { ...members, kid, use: 'sig', alg: 'ES256' } };
}
