import type { CompactJws } from '../jwt/compact-jws.ts';
import type { SignatureVerifier } from '../jwt/signature-verifier.ts';
import { readPublicKey } from '../keys/public-key.ts';

/** A key that signed nothing. */
const NOBODY = readPublicKey({
  kty: 'EC',
  crv: 'P-256',
  x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
  y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
});

/**
 * Verifies with nobody's key. An assertion of a client that does not exist takes as long to refuse with it as one
 * with a wrong signature.
 */
export function verifyAsNobody(signatures: SignatureVerifier, jws: CompactJws): void {
  if (NOBODY !== null) signatures.verify(jws, NOBODY, 'ES256');
}
