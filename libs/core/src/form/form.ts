import { OAuthError } from '../errors/oauth-error.ts';

/** A form body as RFC 6749 §3.2 wants it: each parameter once, an empty one as if it were not there. */
export interface Form {
  /** The parameter's value, or null when it is absent or empty. */
  one(name: string): string | null;
  /** Values of a parameter that may be repeated: `resource` and `audience` only (RFC 8693 §2.1). */
  all(name: 'resource' | 'audience'): readonly string[];
}

/** Largest body that is read, in bytes. */
export const MAX_FORM_BYTES = 65_536;

const MAX_PARAMETERS = 64;
const REPEATABLE = new Set(['resource', 'audience']);
const NAME = /^[A-Za-z0-9_.~-]{1,64}$/;
const FORM_MEDIA_TYPE = /^application\/x-www-form-urlencoded[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?$/i;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a form body: `application/x-www-form-urlencoded`, UTF-8, nothing repeated, no `a[b]` names, no broken
 * escapes. Unknown parameters are kept; nobody asks for them.
 *
 * Fails  request.wrong_media_type | request.too_large | request.malformed
 * Spec   RFC 6749 §3.2, Appendix B
 */
export function readForm(contentType: string | undefined, body: Uint8Array): Form {
  if (contentType === undefined || !FORM_MEDIA_TYPE.test(contentType)) {
    throw new OAuthError('request.wrong_media_type');
  }
  if (body.length > MAX_FORM_BYTES) throw new OAuthError('request.too_large');
  const values = new Map<string, string[]>();
  const pairs = body.length === 0 ? [] : decodeText(body).split('&');
  if (pairs.length > MAX_PARAMETERS) throw new OAuthError('request.malformed', 'too many parameters');
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = decodeComponent(equals === -1 ? pair : pair.slice(0, equals));
    if (!NAME.test(name)) throw new OAuthError('request.malformed', 'a parameter name is not a word');
    const value = equals === -1 ? '' : decodeComponent(pair.slice(equals + 1));
    const earlier = values.get(name);
    if (earlier === undefined) values.set(name, [value]);
    else if (REPEATABLE.has(name)) earlier.push(value);
    else throw new OAuthError('request.malformed', `${name} is repeated`);
  }
  return {
    one: (name) => values.get(name)?.[0] || null,
    all: (name) => (values.get(name) ?? []).filter((value) => value !== ''),
  };
}

function decodeText(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new OAuthError('request.malformed', 'the body is not UTF-8');
  }
}

function decodeComponent(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new OAuthError('request.malformed', 'a percent-escape is broken');
  }
}
