/**
 * Signatures that are read here. `EdDSA` and `Ed25519` are two names of one algorithm (RFC 8037, RFC 9864); RS256
 * is read only where a registration pins it.
 */
export const JWS_ALGORITHMS = ['ES256', 'PS256', 'EdDSA', 'Ed25519', 'RS256'] as const;

export type JwsAlgorithm = (typeof JWS_ALGORITHMS)[number];

/** What is accepted where nothing is pinned (FAPI 2.0 §5.4.1). */
export const DEFAULT_ALGORITHMS: readonly JwsAlgorithm[] = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];

/** `alg` as one of `accepted`, compared exactly; null when it is none of them. */
export function readAlgorithm(alg: string, accepted: readonly JwsAlgorithm[]): JwsAlgorithm | null {
  return accepted.find((one) => one === alg) ?? null;
}

/** Key type that an algorithm needs (RFC 7518 §3.1, RFC 8037 §3.1). */
export function keyTypeOf(alg: JwsAlgorithm): 'EC' | 'RSA' | 'OKP' {
  switch (alg) {
    case 'ES256':
      return 'EC';
    case 'PS256':
    case 'RS256':
      return 'RSA';
    case 'EdDSA':
    case 'Ed25519':
      return 'OKP';
  }
}
