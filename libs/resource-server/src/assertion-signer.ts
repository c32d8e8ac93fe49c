import { constants, createPrivateKey, KeyObject, randomUUID, sign, type JsonWebKey } from 'node:crypto';

/** A private key as JWK: P-256 (ES256), Ed25519 (EdDSA) or RSA (PS256). */
export type PrivateJwk = JsonWebKey & { readonly kid?: string };

export interface AssertionParts {
  readonly issuer: string;
  readonly clientId: string;
  readonly privateKey: PrivateJwk | KeyObject;
  /** `kid` of the registered key, where `privateKey` is no JWK that has one. */
  readonly keyId?: string;
}

interface Signature {
  readonly alg: 'ES256' | 'EdDSA' | 'PS256';
  of(signingInput: string): string;
}

/** Long enough for one request over a bad line, too short to be of use to anybody who finds it. */
const LIFETIME_SECONDS = 50;

/**
 * Makes client assertions, each for one request to the broker (RFC 7523 §3; the issuer as sole audience).
 *
 * Fails  TypeError when the key is not private, or neither P-256, Ed25519 nor RSA
 */
export function assertionSigner({ issuer, clientId, privateKey, keyId }: AssertionParts): () => string {
  const isObject = privateKey instanceof KeyObject;
  const key = isObject ? privateKey : createPrivateKey({ key: privateKey, format: 'jwk' });
  const signature = signatureWith(key);
  const kid = keyId ?? (isObject ? undefined : privateKey.kid);
  const header = segment({
    alg: signature.alg,
    typ: 'client-authentication+jwt',
    ...(kid === undefined ? {} : { kid }),
  });
  return () => {
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      iss: clientId,
      sub: clientId,
      aud: issuer,
      jti: randomUUID(),
      iat,
      exp: iat + LIFETIME_SECONDS,
    };
    const signingInput = `${header}.${segment(claims)}`;
    return `${signingInput}.${signature.of(signingInput)}`;
  };
}

function segment(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function signatureWith(key: KeyObject): Signature {
  if (key.type !== 'private') throw new TypeError('the key is not private');
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ec' && details?.namedCurve === 'prime256v1') {
    const how = { key, dsaEncoding: 'ieee-p1363' } as const;
    return { alg: 'ES256', of: (input) => sign('sha256', Buffer.from(input), how).toString('base64url') };
  }
  if (type === 'ed25519') {
    return { alg: 'EdDSA', of: (input) => sign(null, Buffer.from(input), key).toString('base64url') };
  }
  if (type === 'rsa') {
    const how = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    return { alg: 'PS256', of: (input) => sign('sha256', Buffer.from(input), how).toString('base64url') };
  }
  throw new TypeError('a P-256, Ed25519 or RSA key is required');
}
