import { isJsonObject } from '../shared/strict-json.ts';
import { readPublicKey, type PublicKey } from './public-key.ts';

/**
 * Reads a key for JWT-SVIDs out of a SPIFFE bundle. Null for those of X.509-SVIDs, which are authorities of another
 * kind, and for whatever `readPublicKey` does not accept.
 *
 * Spec   SPIFFE Trust Domain and Bundle §4.2
 */
export function readJwtSvidKey(value: unknown): PublicKey | null {
  if (!isJsonObject(value) || value['use'] !== 'jwt-svid') return null;
  const { use: _, ...key } = value;
  const read = readPublicKey(key);
  return read === null || read.kid === null ? null : read;
}
