import { decodeBase64url, MAX_TOKEN_CHARS } from '#core';
import type { SealKind } from './seal-kind.ts';

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
export function headerSegment(kid: string, kind: SealKind): string {
  return Buffer.from(`${BEFORE_KID}${kid}${afterKid(kind)}`).toString('base64url');
}

const BEFORE_KID = '{"alg":"dir","enc":"A256GCM","kid":"';
const KID = /^[A-Za-z0-9_-]{1,64}$/;

function afterKid({ typ }: SealKind): string {
  return typ === null ? '"}' : `","typ":"${typ}"}`;
}

/**
 * Takes a token apart, strictly: the prefix, five segments of which the second is empty (RFC 7516 §7.1 with `dir`),
 * canonical base64url, the header that we would write, a 96-bit IV and a 128-bit tag. Null for everything else, so
 * that no two texts mean the same token, and none is of two kinds.
 */
export function readSealedText(token: string, kind: SealKind): SealedText | null {
  if (token.length > MAX_TOKEN_CHARS || !token.startsWith(kind.prefix)) return null;
  const [header = '', encryptedKey, iv = '', ciphertext = '', tag = '', ...rest] = token
    .slice(kind.prefix.length)
    .split('.', 6);
  if (encryptedKey !== '' || rest.length > 0) return null;
  const kid = readKid(header, kind);
  const bytes = {
    iv: decodeBase64url(iv),
    ciphertext: decodeBase64url(ciphertext),
    tag: decodeBase64url(tag),
  };
  if (kid === null || bytes.ciphertext === null) return null;
  if (bytes.iv?.length !== IV_BYTES || bytes.tag?.length !== TAG_BYTES) return null;
  return { kid, iv: bytes.iv, ciphertext: bytes.ciphertext, tag: bytes.tag };
}

function readKid(segment: string, kind: SealKind): string | null {
  const bytes = segment.length <= 256 ? decodeBase64url(segment) : null;
  const header = bytes?.toString('latin1') ?? '';
  const after = afterKid(kind);
  if (!header.startsWith(BEFORE_KID) || !header.endsWith(after)) return null;
  const kid = header.slice(BEFORE_KID.length, -after.length);
  return KID.test(kid) ? kid : null;
}
