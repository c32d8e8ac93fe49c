import { decodeBase64url, MAX_TOKEN_CHARS, TOKEN_PREFIX } from '#core';

export const IV_BYTES = 12;
export const TAG_BYTES = 16;

/** A token taken apart, by its form one of ours; nothing in it has been verified. */
export interface SealedText {
  readonly kid: string;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** The protected header, encoded: the same text for every token of a key, and what its seal covers (RFC 7516 §5.1). */
export function headerSegment(kid: string): string {
  return Buffer.from(`{"alg":"dir","enc":"A256GCM","kid":"${kid}"}`).toString('base64url');
}

const HEADER = /^\{"alg":"dir","enc":"A256GCM","kid":"([A-Za-z0-9_-]{1,64})"\}$/;

/**
 * Takes a token apart, strictly: the prefix, five segments of which the second is empty (RFC 7516 §7.1 with `dir`),
 * canonical base64url, the header that we would write, a 96-bit IV and a 128-bit tag. Null for everything else, so
 * that no two texts mean the same token.
 */
export function readSealedText(token: string): SealedText | null {
  if (token.length > MAX_TOKEN_CHARS || !token.startsWith(TOKEN_PREFIX)) return null;
  const [header = '', encryptedKey, iv = '', ciphertext = '', tag = '', ...rest] = token
    .slice(TOKEN_PREFIX.length)
    .split('.', 6);
  if (encryptedKey !== '' || rest.length > 0) return null;
  const kid = readKid(header);
  const bytes = {
    iv: decodeBase64url(iv),
    ciphertext: decodeBase64url(ciphertext),
    tag: decodeBase64url(tag),
  };
  if (kid === null || bytes.ciphertext === null) return null;
  if (bytes.iv?.length !== IV_BYTES || bytes.tag?.length !== TAG_BYTES) return null;
  return { kid, iv: bytes.iv, ciphertext: bytes.ciphertext, tag: bytes.tag };
}

function readKid(segment: string): string | null {
  const bytes = segment.length <= 256 ? decodeBase64url(segment) : null;
  return bytes === null ? null : (HEADER.exec(bytes.toString('latin1'))?.[1] ?? null);
}
