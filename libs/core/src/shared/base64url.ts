/**
 * Decodes base64url as RFC 4648 §5 means it and nothing else: no padding, no blanks, no second spelling of the
 * same bytes through unused trailing bits. Null when `text` is anything else, the empty string included.
 */
export function decodeBase64url(text: string): Buffer | null {
  if (text === '') return null;
  // Node passes over what it does not know and takes both alphabets; only the one true spelling comes back.
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}
