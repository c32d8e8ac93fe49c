import { isJsonObject, readPublicKey, type JsonObject, type PublicKey } from '#core';

/** Most keys that an honest provider publishes. */
const MAX_KEYS = 64;

/** Any of these in a published key is somebody's secret (RFC 7518 §6.2.2, §6.3.2, §6.4). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

export interface PublishedKeys {
  /** Those that can verify; keys of other kinds and uses are left out. */
  readonly keys: readonly PublicKey[];
  /** Keys whose owner published their secret. They are not among `keys`. */
  readonly exposed: number;
}

/** Reads a JWK set (RFC 7517 §5). Null when it is none, holds too many keys, or none that can verify. */
export function readJwkSet({ keys: listed }: JsonObject): PublishedKeys | null {
  if (!Array.isArray(listed) || listed.length > MAX_KEYS) return null;
  const keys = listed.map(readPublicKey).filter((key) => key !== null);
  return keys.length === 0 ? null : { keys, exposed: listed.filter(isExposed).length };
}

function isExposed(jwk: unknown): boolean {
  return isJsonObject(jwk) && PRIVATE_MEMBERS.some((member) => member in jwk);
}
