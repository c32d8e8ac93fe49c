import { readJwtSvidKey, type JsonObject } from '#core';
import { readJwkSet, type PublishedKeys } from './read-jwk-set.ts';

/** Nobody makes us ask more often than this. */
const LEAST_REFRESH_MS = 30_000;

/**
 * Reads a SPIFFE bundle: a JWK set with a hint how soon to look again. Null when it holds no key for JWT-SVIDs.
 *
 * Spec   SPIFFE Trust Domain and Bundle §4
 */
export function readSpiffeBundle(document: JsonObject): PublishedKeys | null {
  const published = readJwkSet(document, readJwtSvidKey);
  const hint = document['spiffe_refresh_hint'];
  if (published === null || typeof hint !== 'number' || !(hint > 0)) return published;
  return { ...published, refreshAfterMs: Math.max(hint * 1000, LEAST_REFRESH_MS) };
}
