import type { JwsAlgorithm } from '../keys/jws-algorithm.ts';
import type { PublicKey } from '../keys/public-key.ts';
import type { CompactJws } from './compact-jws.ts';

/** Checks signatures. Implementations may remember imported keys; never verdicts. */
export interface SignatureVerifier {
  /**
   * True when `key` signed the JWS with exactly `alg`. False for anything else, a key that does not fit `alg`, a
   * point off its curve and a signature of the wrong length included. Never throws on hostile input.
   */
  verify(jws: CompactJws, key: PublicKey, alg: JwsAlgorithm): boolean;
}
