import { base64url } from './base64.ts';
import { OncekeyError } from './oncekey-error.ts';
import { sha256 } from './sha256.ts';

/** WebCrypto's key types, by way of the global that every runtime has. */
export type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
export interface CryptoKeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** A private key as JWK: P-256 (ES256), Ed25519 (EdDSA) or RSA (PS256). */
export interface PrivateJwk {
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

type KeyMember = keyof PrivateJwk;

interface Kind {
  readonly alg: 'ES256' | 'EdDSA' | 'PS256';
  /** Members of the public key, in the order of its thumbprint (RFC 7638 §3.2). */
  readonly publicMembers: readonly KeyMember[];
  readonly privateMembers: readonly KeyMember[];
  readonly importAs: { name: string; namedCurve?: string; hash?: string };
  readonly signAs: { name: string; hash?: string; saltLength?: number };
}

const EC: Kind = {
  alg: 'ES256',
  publicMembers: ['crv', 'kty', 'x', 'y'],
  privateMembers: ['d'],
  importAs: { name: 'ECDSA', namedCurve: 'P-256' },
  signAs: { name: 'ECDSA', hash: 'SHA-256' },
};
const ED25519: Kind = {
  alg: 'EdDSA',
  publicMembers: ['crv', 'kty', 'x'],
  privateMembers: ['d'],
  importAs: { name: 'Ed25519' },
  signAs: { name: 'Ed25519' },
};
const RSA: Kind = {
  alg: 'PS256',
  publicMembers: ['e', 'kty', 'n'],
  privateMembers: ['d', 'p', 'q', 'dp', 'dq', 'qi'],
  importAs: { name: 'RSA-PSS', hash: 'SHA-256' },
  signAs: { name: 'RSA-PSS', saltLength: 32 },
};

/** A key that signs JWTs. */
export interface SigningKey {
  readonly alg: Kind['alg'];
  readonly kid: string | null;
  /** The public members and nothing else. */
  readonly publicJwk: Readonly<Record<string, string>>;
  /** RFC 7638, SHA-256, base64url. */
  readonly thumbprint: string;
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}

/**
 * Makes a key ready to sign. A private JWK is imported so that it cannot be exported again.
 *
 * Fails  OncekeyError `unacceptable_key`: not private, or neither P-256, Ed25519 nor RSA with SHA-256
 */
export async function readSigningKey(key: CryptoKeyPair | PrivateJwk): Promise<SigningKey> {
  const isPair = 'privateKey' in key;
  const jwk: PrivateJwk = isPair ? readJwk(await crypto.subtle.exportKey('jwk', key.publicKey)) : key;
  const kind = kindOf(jwk);
  const publicJwk = pick(jwk, kind.publicMembers);
  if (isPair && key.privateKey.algorithm.name !== kind.importAs.name) {
    throw new OncekeyError('unacceptable_key', { description: 'the two keys are not a pair' });
  }
  const privateKey = isPair
    ? key.privateKey
    : await crypto.subtle.importKey(
        'jwk',
        { ...publicJwk, ...pick(jwk, kind.privateMembers) },
        kind.importAs,
        false,
        ['sign'],
      );
  return {
    alg: kind.alg,
    kid: jwk.kid ?? null,
    publicJwk,
    thumbprint: base64url(await sha256(JSON.stringify(publicJwk))),
    sign: async (bytes) => new Uint8Array(await crypto.subtle.sign(kind.signAs, privateKey, bytes)),
  };
}

/** A new device key that never leaves this runtime: P-256, not extractable. */
export async function makeDeviceKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
}

function kindOf({ kty, crv }: PrivateJwk): Kind {
  if (kty === 'EC' && crv === 'P-256') return EC;
  if (kty === 'OKP' && crv === 'Ed25519') return ED25519;
  if (kty === 'RSA') return RSA;
  throw new OncekeyError('unacceptable_key', { description: 'P-256, Ed25519 or RSA is required' });
}

function readJwk({ kty, ...members }: { kty?: string | undefined } & Omit<PrivateJwk, 'kty'>): PrivateJwk {
  return { kty: kty ?? '', ...members };
}

/** Members in the order asked for: a thumbprint depends on it. */
function pick(jwk: PrivateJwk, members: readonly KeyMember[]): Record<string, string> {
  return Object.fromEntries(
    members.map((member) => {
      const value = jwk[member];
      if (typeof value === 'string') return [member, value];
      throw new OncekeyError('unacceptable_key', { description: `the JWK has no ${member}` });
    }),
  );
}
