import { REDACTED } from './redact.ts';

/** What secrets look like wherever they stand, in the text of a finished line. */
const SHAPES: readonly [RegExp, string][] = [
  // Compact JWS and JWE: the header is the base64url of a JSON object.
  [/\be[wy][A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*){1,4}/g, REDACTED],
  [/\bonce(?:caller|defer)?_[A-Za-z0-9_.-]+/g, REDACTED],
  [/(postgres(?:ql)?:\/\/[^:@/\s"]*):[^@\s"]+@/g, `$1:${REDACTED}@`],
  [/\b(Basic|Bearer|DPoP) [A-Za-z0-9+/=._~-]{16,}/g, `$1 ${REDACTED}`],
  [/\b([a-z_]*(?:assertion|token|secret|dpop_proof|deferral_code))=[^&\s"]+/g, `$1=${REDACTED}`],
  [/(\\?"(?:d|k|p|q|dp|dq|qi)\\?"\s*:\s*\\?")[A-Za-z0-9_-]+/g, `$1${REDACTED}`],
  [/-----BEGIN[^-]*-----[^-]*(?:-----END[^-]*-----)?/g, REDACTED],
];

/** Shorter values are words that occur by chance. */
const LEAST_SECRET_CHARS = 6;

/** Control characters that JSON leaves as they are, and that terminals and line readers act upon. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The last thing that happens to a log line: whatever got past the redaction by name is taken out by its look, and
 * one event stays one printable line.
 *
 * In   secrets  values of this process's own configuration
 */
export function scrubber(secrets: readonly string[]): (line: string) => string {
  const literals = secrets
    .filter((secret) => secret.length >= LEAST_SECRET_CHARS)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  return (line) => {
    let clean = line;
    for (const literal of literals) clean = clean.replaceAll(literal, REDACTED);
    for (const [shape, instead] of SHAPES) clean = clean.replace(shape, instead);
    return clean.replace(
      UNPRINTABLE,
      (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
    );
  };
}
