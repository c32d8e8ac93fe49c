import { isJsonObject } from '../shared/strict-json.ts';

/** RFC 9530 algorithm keys that resist an adversary (§5, "Active"). Lengths in bytes. */
const DIGEST_BYTES = { 'sha-256': 32, 'sha-512': 64 } as const;

export type DigestAlgorithm = keyof typeof DIGEST_BYTES;

/** Digest of a request's content bytes: algorithm key to standard base64 (RFC 9530 §2). */
export type ContentDigest = { readonly [Algorithm in DigestAlgorithm]?: string };

/** The digests of no bytes at all: of a request without a body. */
const OF_NO_CONTENT: ContentDigest = {
  'sha-256': '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  'sha-512': 'z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
};

/** Is it the digest of a request without a body? */
export function isOfNoContent(digest: ContentDigest): boolean {
  return isSameContent(OF_NO_CONTENT, digest);
}

function isDigest(algorithm: string, value: unknown): algorithm is DigestAlgorithm {
  if (algorithm !== 'sha-256' && algorithm !== 'sha-512') return false;
  if (typeof value !== 'string' || value.length > 88) return false;
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === DIGEST_BYTES[algorithm] && bytes.toString('base64') === value;
}

/** The member `content_digest` of an operation: one or both algorithms, nothing else. Null when it is not that. */
export function readContentDigest(value: unknown): ContentDigest | null {
  if (!isJsonObject(value)) return null;
  const entries = Object.entries(value);
  if (entries.length === 0 || !entries.every(([algorithm, digest]) => isDigest(algorithm, digest)))
    return null;
  return Object.fromEntries(entries);
}

/**
 * The field `Content-Digest` as a structured dictionary: `sha-256=:<base64>:, sha-512=:<base64>:` (RFC 9530 §2).
 * Null when it is anything else; algorithms that are not active are passed over.
 */
export function parseContentDigestField(field: string): ContentDigest | null {
  if (field.length > 512) return null;
  const digests = new Map<DigestAlgorithm, string>();
  for (const member of field.split(',')) {
    const parts = /^[ \t]*([a-z0-9*_.-]+)=:([A-Za-z0-9+/=]*):[ \t]*$/.exec(member);
    const [, algorithm, value = ''] = parts ?? [];
    if (algorithm === undefined) return null;
    if (isDigest(algorithm, value)) {
      if (digests.has(algorithm)) return null;
      digests.set(algorithm, value);
    } else if (Object.hasOwn(DIGEST_BYTES, algorithm)) return null;
  }
  return digests.size === 0 ? null : Object.fromEntries(digests);
}

/** Does the told digest prove the permitted one? Every algorithm that both know must agree, and one must. */
export function isSameContent(permitted: ContentDigest, told: ContentDigest): boolean {
  const shared = (['sha-256', 'sha-512'] as const).filter(
    (a) => permitted[a] !== undefined && told[a] !== undefined,
  );
  return shared.length > 0 && shared.every((algorithm) => permitted[algorithm] === told[algorithm]);
}
