import { hasPrivateMembers, isJsonObject, readPublicKey, type JsonObject, type PublicKey } from '#core';

/** Most keys that an honest provider publishes. */
const MAX_KEYS = 64;

export interface PublishedKeys {
  /** Those that can verify; keys of other kinds and uses are left out. */
  readonly keys: readonly PublicKey[];
  /** Keys whose owner published their secret. They are not among `keys`. */
  readonly exposed: number;
  /** When the publisher wants to be asked again; absent where it does not say. */
  readonly refreshAfterMs?: number;
}

/** Reads a JWK set (RFC 7517 §5). Null when it is none, holds too many keys, or none that can verify. */
export function readJwkSet(
  { keys: listed }: JsonObject,
  readKey: (value: unknown) => PublicKey | null = readPublicKey,
): PublishedKeys | null {
  if (!Array.isArray(listed) || listed.length > MAX_KEYS) return null;
  const keys = listed.map((one: unknown) => readKey(one)).filter((key) => key !== null);
  return keys.length === 0 ? null : { keys, exposed: listed.filter(isExposed).length };
}

function isExposed(jwk: unknown): boolean {
  return isJsonObject(jwk) && hasPrivateMembers(jwk);
}
