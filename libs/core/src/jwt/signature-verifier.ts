import type { JwsAlgorithm } from '../keys/jws-algorithm.ts';
import type { PublicKey } from '../keys/public-key.ts';
import type { CompactJws } from './compact-jws.ts';

/** Checks signatures. Implementations may remember imported keys. */
export interface SignatureVerifier {
  /**
   * True when `key` signed the JWS with exactly `alg`. False for anything else, a key that does not fit `alg`, a
   * point off its curve and a signature of the wrong length included. Never throws on hostile input.
   */
  verify(jws: CompactJws, key: PublicKey, alg: JwsAlgorithm): boolean;

  /**
   * As `verify`, for a JWS that is presented again and again while it lives, such as an ID token: the very same bytes
   * are not verified twice under the same key. That the key is still its issuer's, and that the JWS still lives and
   * has not been revoked, is for the caller to see to each time.
   */
  verifyRepeated(jws: CompactJws, key: PublicKey, alg: JwsAlgorithm): boolean;
}
