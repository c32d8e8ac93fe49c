import { createHash, randomBytes } from 'node:crypto';
import {
  readPublicKey,
  type CompactJws,
  type JwsAlgorithm,
  type PublicKey,
  type SignatureVerifier,
} from '#core';

/** A key pair of the fake scheme: the public JWK is of the right form, and signing is hashing with its thumbprint. */
export interface FakeKey {
  readonly jwk: Readonly<Record<string, string>>;
  readonly publicKey: PublicKey;
}

export function fakeKey(kid?: string): FakeKey {
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: randomBytes(32).toString('base64url'),
    y: randomBytes(32).toString('base64url'),
    ...(kid === undefined ? {} : { kid }),
  };
  const publicKey = readPublicKey(jwk);
  if (publicKey === null) throw new Error('the fake key has no public form');
  return { jwk, publicKey };
}

const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signatureOf(thumbprint: string, signingInput: string): Buffer {
  return createHash('sha256').update(`${thumbprint}.${signingInput}`).digest();
}

/** A compact JWS by the fake scheme. Header and payload are taken as given, hostile ones included. */
export function fakeJws(header: object, payload: object, { publicKey }: FakeKey): string {
  const signingInput = `${segment(header)}.${segment(payload)}`;
  return `${signingInput}.${signatureOf(publicKey.thumbprint, signingInput).toString('base64url')}`;
}

/** Verifies the fake scheme, for unit tests of the rules around signatures. */
export class FakeSignatures implements SignatureVerifier {
  verify(jws: CompactJws, key: PublicKey, _alg: JwsAlgorithm): boolean {
    return signatureOf(key.thumbprint, jws.signingInput).equals(jws.signature);
  }

  verifyRepeated(jws: CompactJws, key: PublicKey, alg: JwsAlgorithm): boolean {
    return this.verify(jws, key, alg);
  }
}
