const ALPHABET = /^[A-Za-z0-9_-]+$/;

/**
 * Decodes base64url as RFC 4648 §5 means it and nothing else: no padding, no blanks, no second spelling of the
 * same bytes through unused trailing bits. Null when `text` is anything else, the empty string included.
 */
export function decodeBase64url(text: string): Buffer | null {
  if (!ALPHABET.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}
