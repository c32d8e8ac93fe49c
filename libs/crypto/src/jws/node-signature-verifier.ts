import { constants, createHash, verify, type KeyObject } from 'node:crypto';
import { keyTypeOf, type CompactJws, type JwsAlgorithm, type PublicKey, type SignatureVerifier } from '#core';
import { BoundedMap } from '../bounded-map.ts';
import { importPublicKey } from './import-public-key.ts';

/** Keys that come inside DPoP proofs are new objects each time; so many of them are remembered by thumbprint. */
const REMEMBERED_KEYS = 4096;

/** So many users call often enough for their ID tokens to come again. */
const REMEMBERED_SIGNATURES = 16_384;

/** Length of an ES256 signature (RFC 7518 §3.4) and of an Ed25519 one (RFC 8032 §5.1.6). */
const EC_SIGNATURE_BYTES = 64;

/**
 * Checks signatures with `node:crypto`. It remembers imported keys, and where it is asked to, which signatures were
 * good; never one that was not, so that nobody can fill its memory without a key.
 *
 * Spec   RFC 7518 §3.3 to §3.5, RFC 8037 §3.1
 */
export class NodeSignatureVerifier implements SignatureVerifier {
  /** Null for a key that cannot be imported. */
  private readonly byIdentity = new WeakMap<PublicKey, KeyObject | null>();
  private readonly byThumbprint = new BoundedMap<string, KeyObject>(REMEMBERED_KEYS);
  private readonly goodSignatures = new BoundedMap<string, true>(REMEMBERED_SIGNATURES);

  verify(jws: CompactJws, key: PublicKey, alg: JwsAlgorithm): boolean {
    if (keyTypeOf(alg) !== key.jwk.kty || !isKeyFor(alg, key)) return false;
    const imported = this.imported(key);
    if (imported === null) return false;
    try {
      return isSignature(jws, imported, alg);
    } catch {
      return false;
    }
  }

  verifyRepeated(jws: CompactJws, key: PublicKey, alg: JwsAlgorithm): boolean {
    const id = `${alg} ${key.alg ?? ''} ${key.thumbprint} ${digestOf(jws)}`;
    if (this.goodSignatures.get(id) === true) return true;
    if (!this.verify(jws, key, alg)) return false;
    this.goodSignatures.set(id, true);
    return true;
  }

  private imported(key: PublicKey): KeyObject | null {
    const known = this.byIdentity.get(key);
    if (known !== undefined) return known;
    const alike = this.byThumbprint.get(key.thumbprint);
    const imported = alike ?? importPublicKey(key.jwk);
    this.byIdentity.set(key, imported);
    if (alike === undefined && imported !== null) this.byThumbprint.set(key.thumbprint, imported);
    return imported;
  }
}

/** Of all of its text: a JWS with another signature over the same is another. */
function digestOf({ signingInput, signature }: CompactJws): string {
  return createHash('sha256')
    .update(signingInput, 'latin1')
    .update('.')
    .update(signature)
    .digest('base64url');
}

/** Does the owner of the key let it be used with `alg`? Its key type is known to fit. */
function isKeyFor(alg: JwsAlgorithm, key: PublicKey): boolean {
  return key.alg === null || key.alg === alg || (key.jwk.kty === 'OKP' && keyTypeOf(key.alg) === 'OKP');
}

function isSignature({ signingInput, signature }: CompactJws, key: KeyObject, alg: JwsAlgorithm): boolean {
  const data = Buffer.from(signingInput, 'latin1');
  switch (alg) {
    case 'ES256':
      return (
        signature.length === EC_SIGNATURE_BYTES &&
        verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
      );
    case 'EdDSA':
    case 'Ed25519':
      return signature.length === EC_SIGNATURE_BYTES && verify(null, data, key, signature);
    case 'PS256':
      // The salt is as long as the digest, no more and no less; MGF1 uses the same hash.
      return verify(
        'sha256',
        data,
        { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
        signature,
      );
    case 'RS256':
      return verify('sha256', data, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  }
}
