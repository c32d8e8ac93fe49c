import { createHash } from 'node:crypto';

/** SHA-256 of `input`, base64url without padding: the form of `ath` and of thumbprints (RFC 9449 §4.2, RFC 7638 §3). */
export function sha256Base64url(input: string | Uint8Array): string {
  return createHash('sha256').update(input).digest('base64url');
}

/** SHA-256 of `input`, 32 bytes. */
export function sha256(input: string | Uint8Array): Buffer {
  return createHash('sha256').update(input).digest();
}
