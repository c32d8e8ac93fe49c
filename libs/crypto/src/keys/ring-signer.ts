import { readPublicKey, type PublicKey, type PublishedSigner } from '#core';
import { signJwt } from '../jws/sign-jwt.ts';
import type { KeyRing } from './key-ring.ts';
import type { PublicJwks } from './ring-key.ts';

/** Signs with the key ring's ES256 keys, which `/jwks` publishes (RFC 7515 §5.1, RFC 7518 §3.4). */
export class RingSigner implements PublishedSigner {
  private readonly read = new WeakMap<PublicJwks, readonly PublicKey[]>();

  constructor(private readonly ring: Pick<KeyRing, 'signingKey' | 'publicJwks'>) {}

  sign(typ: string, claims: object): string {
    return signJwt(this.ring.signingKey(), typ, claims);
  }

  publicKeys(): readonly PublicKey[] {
    const jwks = this.ring.publicJwks();
    const known = this.read.get(jwks);
    if (known !== undefined) return known;
    const keys = jwks.keys.map((jwk) => readPublicKey(jwk)).filter((key) => key !== null);
    this.read.set(jwks, keys);
    return keys;
  }
}
