import { base64url } from './base64.ts';

/** A private key as JWK: P-256 (ES256), Ed25519 (EdDSA) or RSA (PS256). */
export interface WebPrivateJwk {
  readonly kty: string;
  readonly kid?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
  readonly d?: string;
  readonly p?: string;
  readonly q?: string;
  readonly dp?: string;
  readonly dq?: string;
  readonly qi?: string;
}

export interface WebAssertionParts {
  readonly issuer: string;
  readonly clientId: string;
  readonly privateKey: WebPrivateJwk;
  /** `kid` of the registered key, where the JWK has none. */
  readonly keyId?: string;
}

interface Kind {
  readonly alg: 'ES256' | 'EdDSA' | 'PS256';
  readonly importAs: { name: string; namedCurve?: string; hash?: string };
  readonly signAs: { name: string; hash?: string; saltLength?: number };
}

/** Long enough for one request over a bad line, too short to be of use to anybody who finds it. */
const LIFETIME_SECONDS = 50;

/**
 * Makes client assertions with WebCrypto, each for one request to the broker (RFC 7523 §3; the issuer as sole
 * audience). The key is imported at the first one, so that it cannot be exported again.
 *
 * Fails  TypeError when the key is not private, or neither P-256, Ed25519 nor RSA; what WebCrypto says of a broken one
 */
export function webAssertionSigner(parts: WebAssertionParts): () => Promise<string> {
  const { issuer, clientId, privateKey, keyId } = parts;
  const { alg, importAs, signAs } = kindOf(privateKey);
  const kid = keyId ?? privateKey.kid;
  const header = segment({ alg, typ: 'client-authentication+jwt', ...(kid === undefined ? {} : { kid }) });
  let imported: ReturnType<typeof importKey> | null = null;
  return async () => {
    const iat = Math.floor(Date.now() / 1000);
    const jti = crypto.randomUUID();
    const claims = { iss: clientId, sub: clientId, aud: issuer, jti, iat, exp: iat + LIFETIME_SECONDS };
    const signingInput = `${header}.${segment(claims)}`;
    const key = await (imported ??= importKey(privateKey, importAs));
    const signature = await crypto.subtle.sign(signAs, key, new TextEncoder().encode(signingInput));
    return `${signingInput}.${base64url(new Uint8Array(signature))}`;
  };
}

function importKey(jwk: WebPrivateJwk, importAs: Kind['importAs']) {
  return crypto.subtle.importKey('jwk', jwk, importAs, false, ['sign']);
}

function segment(part: object): string {
  return base64url(new TextEncoder().encode(JSON.stringify(part)));
}

function kindOf({ kty, crv, d }: WebPrivateJwk): Kind {
  if (d === undefined) throw new TypeError('the key is not private');
  if (kty === 'EC' && crv === 'P-256') {
    const name = 'ECDSA';
    return { alg: 'ES256', importAs: { name, namedCurve: crv }, signAs: { name, hash: 'SHA-256' } };
  }
  if (kty === 'OKP' && crv === 'Ed25519') {
    return { alg: 'EdDSA', importAs: { name: crv }, signAs: { name: crv } };
  }
  if (kty === 'RSA') {
    const name = 'RSA-PSS';
    return { alg: 'PS256', importAs: { name, hash: 'SHA-256' }, signAs: { name, saltLength: 32 } };
  }
  throw new TypeError('a P-256, Ed25519 or RSA key is required');
}
