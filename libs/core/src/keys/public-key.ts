import { decodeBase64url } from '../shared/base64url.ts';
import { sha256Base64url } from '../shared/sha256.ts';
import { isJsonObject, type JsonObject } from '../shared/strict-json.ts';
import { JWS_ALGORITHMS, keyTypeOf, type JwsAlgorithm } from './jws-algorithm.ts';

/** The members of a public JWK that make the key, and nothing else of it. */
export type PublicJwk =
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string };

/** A public signature key. One object per key: adapters may hang what they imported on its identity. */
export interface PublicKey {
  readonly jwk: PublicJwk;
  readonly kid: string | null;
  /** The only algorithm the key may be used with, where its owner said so. */
  readonly alg: JwsAlgorithm | null;
  /** RFC 7638, SHA-256, base64url. */
  readonly thumbprint: string;
}

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** RSA keys: at least 2048 bits (FAPI 2.0 §5.4.1) and at most 4096, so that verifying stays cheap. */
const RSA_BYTES = { least: 256, most: 512 };

/**
 * Reads a public key for signatures out of a JWK (RFC 7517 §4). Null when it is private or symmetric, of a kind
 * or strength not accepted, or meant for another use.
 */
export function readPublicKey(value: unknown): PublicKey | null {
  if (!isJsonObject(value) || hasPrivateMembers(value)) return null;
  if (value['use'] !== undefined && value['use'] !== 'sig') return null;
  const operations = value['key_ops'];
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return null;
  const { kid } = value;
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > 256)) return null;

  const jwk = readMembers(value);
  if (jwk === null) return null;
  const alg = value['alg'] === undefined ? null : JWS_ALGORITHMS.find((one) => one === value['alg']);
  if (alg === undefined || (alg !== null && keyTypeOf(alg) !== jwk.kty)) return null;
  return { jwk, kid: kid ?? null, alg, thumbprint: thumbprintOf(jwk) };
}

/** Is there a secret in it that its owner should not have sent (RFC 7518 §6.2.2, §6.3.2, §6.4)? */
export function hasPrivateMembers(jwk: JsonObject): boolean {
  return PRIVATE_MEMBERS.some((member) => member in jwk);
}

/** Keys of a set that could have made a signature with this `kid` and `alg`; a bounded few when there is no `kid`. */
export function candidateKeys(
  keys: readonly PublicKey[],
  wanted: { kid: string | null; alg: JwsAlgorithm },
): readonly PublicKey[] {
  return keys
    .filter(
      ({ jwk, alg }) =>
        jwk.kty === keyTypeOf(wanted.alg) && (alg === null || isSameAlgorithm(alg, wanted.alg)),
    )
    .filter(({ kid }) => wanted.kid === null || kid === wanted.kid)
    .slice(0, MAX_CANDIDATES);
}

const MAX_CANDIDATES = 5;

function isSameAlgorithm(a: JwsAlgorithm, b: JwsAlgorithm): boolean {
  return a === b || (keyTypeOf(a) === 'OKP' && keyTypeOf(b) === 'OKP');
}

function readMembers(value: JsonObject): PublicJwk | null {
  const { kty, crv, x, y, n, e } = value;
  if (kty === 'EC' && crv === 'P-256' && isBytes(x, 32) && isBytes(y, 32)) return { kty, crv, x, y };
  if (kty === 'OKP' && crv === 'Ed25519' && isBytes(x, 32)) return { kty, crv, x };
  if (kty === 'RSA' && e === 'AQAB' && isRsaModulus(n)) return { kty, n, e };
  return null;
}

function isBytes(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length < 64 && decodeBase64url(value)?.length === length;
}

function isRsaModulus(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 1024) return false;
  const bytes = decodeBase64url(value);
  if (bytes === null || bytes.length < RSA_BYTES.least || bytes.length > RSA_BYTES.most) return false;
  const [first = 0] = bytes;
  // No leading zero (RFC 7518 §6.3.1.1); in the shortest modulus the highest bit has to count.
  return bytes.length === RSA_BYTES.least ? first >= 0x80 : first > 0;
}

/** RFC 7638 §3: required members only, in lexicographic order, without blanks. */
function thumbprintOf(jwk: PublicJwk): string {
  switch (jwk.kty) {
    case 'EC':
      return sha256Base64url(`{"crv":"${jwk.crv}","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`);
    case 'OKP':
      return sha256Base64url(`{"crv":"${jwk.crv}","kty":"OKP","x":"${jwk.x}"}`);
    case 'RSA':
      return sha256Base64url(`{"e":"${jwk.e}","kty":"RSA","n":"${jwk.n}"}`);
  }
}
