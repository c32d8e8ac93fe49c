import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

/** The key-encryption key: everything in the key ring is encrypted under it. */
export interface Kek {
  /** 256 bits. */
  readonly key: KeyObject;
  /** It was made by the quickstart and lies about on a developer's disk: not for production. */
  readonly generatedByQuickstart: boolean;
}

const KEK_BYTES = 32;
const QUICKSTART_PREFIX = 'quickstart.';

/** Fewer distinct bytes than this among 32 random ones is not chance: it is a placeholder. */
const LEAST_DISTINCT_BYTES = 12;

/**
 * Reads a key-encryption key: 32 bytes in base64url or base64, blanks around it allowed since it often comes from a file.
 *
 * Fails  Error, which says what is expected and nothing of what was given
 */
export function readKek(text: string): Kek {
  const trimmed = text.trim();
  const generatedByQuickstart = trimmed.startsWith(QUICKSTART_PREFIX);
  const bytes = decode(generatedByQuickstart ? trimmed.slice(QUICKSTART_PREFIX.length) : trimmed);
  if (bytes?.length !== KEK_BYTES) {
    throw new Error('the key-encryption key must be exactly 32 random bytes in base64url or base64');
  }
  if (new Set(bytes).size < LEAST_DISTINCT_BYTES) {
    throw new Error('the key-encryption key is not random; make one with: openssl rand -base64 32');
  }
  return { key: createSecretKey(bytes), generatedByQuickstart };
}

/** A new key-encryption key for the quickstart, as text that `readKek` reads. A secret. */
export function newQuickstartKek(): string {
  return QUICKSTART_PREFIX + randomBytes(KEK_BYTES).toString('base64url');
}

function decode(text: string): Buffer | null {
  for (const encoding of ['base64url', 'base64'] as const) {
    const bytes = Buffer.from(text, encoding);
    if (text !== '' && bytes.toString(encoding) === text) return bytes;
  }
  return null;
}
