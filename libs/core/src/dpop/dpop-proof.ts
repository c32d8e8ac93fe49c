import { readCompactJws, type CompactJws } from '../jwt/compact-jws.ts';
import { FUTURE_TOLERANCE_SECONDS, isAlive, readLifetime, readName } from '../jwt/claims.ts';
import { isOfKind } from '../jwt/jwt-kind.ts';
import type { SignatureVerifier } from '../jwt/signature-verifier.ts';
import { DEFAULT_ALGORITHMS, keyTypeOf, readAlgorithm } from '../keys/jws-algorithm.ts';
import { readPublicKey, type PublicKey } from '../keys/public-key.ts';
import { canonicalTargetUri, type UriRules } from '../operation/target-uri.ts';
import type { EpochMs, EpochSeconds } from '../shared/clock.ts';

/** A proof is good for this long after it was made, so that its id need not be remembered longer. */
export const PROOF_MAX_AGE_SECONDS = 60;

/** A proof that a key made for one request. */
export interface DpopProof {
  readonly key: PublicKey;
  readonly jti: string;
  readonly iat: EpochSeconds;
  readonly nonce: string | null;
  readonly ath: string | null;
}

/** Why a proof was refused; each is a `device.*` reason of the same name. */
export type ProofRefusal =
  'malformed_proof' | 'wrong_kind' | 'wrong_request' | 'wrong_time' | 'bad_claims' | 'bad_signature';

export interface ProvenRequest extends UriRules {
  readonly method: string;
  /** Canonical, without query. */
  readonly uri: string;
}

/**
 * Checks a DPoP proof against the request that it came with: everything of RFC 9449 §4.3 but the nonce, `ath` and
 * the single use, which differ between the endpoints.
 *
 * Out    the proof, or what is wrong with it
 * Spec   RFC 9449 §4.2, §4.3
 */
export function checkDpopProof(
  text: string,
  request: ProvenRequest,
  { signatures, now }: { signatures: SignatureVerifier; now: EpochMs },
): { proof: DpopProof } | { refused: ProofRefusal } {
  const jws = readCompactJws(text);
  if (jws === null) return { refused: 'malformed_proof' };
  if (!isOfKind(jws.typ, 'dpop_proof')) return { refused: 'wrong_kind' };
  const alg = readAlgorithm(jws.alg, DEFAULT_ALGORITHMS);
  const key = readPublicKey(jws.header['jwk']);
  if (alg === null || key === null || keyTypeOf(alg) !== key.jwk.kty) return { refused: 'malformed_proof' };

  const claims = readClaims(jws);
  if (claims === null) return { refused: 'bad_claims' };
  if (claims.htm !== request.method || !isSameUri(claims.htu, request)) return { refused: 'wrong_request' };
  const ageSeconds = now / 1000 - claims.iat;
  if (ageSeconds > PROOF_MAX_AGE_SECONDS || ageSeconds < -FUTURE_TOLERANCE_SECONDS || !claims.isAlive(now)) {
    return { refused: 'wrong_time' };
  }
  if (!signatures.verify(jws, key, alg)) return { refused: 'bad_signature' };
  const { jti, iat, nonce, ath } = claims;
  return { proof: { key, jti, iat, nonce, ath } };
}

/** From then on the proof is refused by its age, by any clock that is nearly right. */
export function proofExpiresAt({ iat }: DpopProof): EpochMs {
  return (iat + PROOF_MAX_AGE_SECONDS + FUTURE_TOLERANCE_SECONDS) * 1000;
}

interface ProofClaims {
  readonly jti: string;
  readonly htm: string;
  readonly htu: string;
  readonly iat: EpochSeconds;
  readonly nonce: string | null;
  readonly ath: string | null;
  isAlive(now: EpochMs): boolean;
}

function readClaims({ payload }: CompactJws): ProofClaims | null {
  const jti = readName(payload['jti']);
  const htu = readName(payload['htu'], 2048);
  const { htm, nonce, ath } = payload;
  const lifetime = readLifetime(payload);
  if (jti === null || htu === null || typeof htm !== 'string' || lifetime === null || lifetime.iat === null)
    return null;
  if (nonce !== undefined && (typeof nonce !== 'string' || nonce.length > 256)) return null;
  if (ath !== undefined && typeof ath !== 'string') return null;
  return {
    jti,
    htm,
    htu,
    iat: lifetime.iat,
    nonce: nonce ?? null,
    ath: ath ?? null,
    isAlive: (now) => isAlive(lifetime, now),
  };
}

/** `htu` names the URI without query and fragment; whatever a client leaves there is not looked at (RFC 9449 §4.3, 9). */
function isSameUri(htu: string, request: ProvenRequest): boolean {
  const bare = /^[^?#]*/.exec(htu)?.[0] ?? '';
  return bare === request.uri || canonicalTargetUri(bare, request)?.href === request.uri;
}
