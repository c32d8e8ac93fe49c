import { createHash } from 'node:crypto';

/** The value of a `Content-Digest` field over these bytes (RFC 9530 §2). */
export function contentDigest(bytes: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
}
