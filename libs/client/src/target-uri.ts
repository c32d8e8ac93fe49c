/** Where a request goes, spelled as broker and API will compare it. */
export interface TargetUri {
  /** Canonical, with query: what the token is asked for and what is sent. */
  readonly href: string;
  /** `href` without its query: the `htu` of a DPoP proof (RFC 9449 §4.2). */
  readonly htu: string;
  readonly origin: string;
  readonly path: string;
}

const MAX_URI_CHARS = 2048;
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])$/;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Characters that URL parsers leave raw and RFC 3986 does not allow. They mean the same when they are escaped. */
const UNSAFE = /[[\]^`{|}"<>]/g;

/** RFC 3986 §3.3 without matrix parameters, and §3.4. */
const PATH_CHARS = /^[A-Za-z0-9\-._~!$&'()*+,=:@/%]*$/;
const QUERY_CHARS = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*$/;

/** What servers in a row read differently: empty segments, and dots that only become a segment when decoded once more. */
const MISREAD = /\/\/|\/\.{1,2}%(?:2F|3B)|%(?:2F|3B)\.{1,2}(?:\/|%2F|%3B|$)/;

/** May a secret be sent there: https, or http that does not leave this machine? */
export function isConfidential({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

/**
 * The canonical form of a URL that a URL parser has already read: its dot segments are resolved, its host is in lower
 * case and its default port is gone. Unreserved characters are decoded, hex is in upper case, the fragment and an
 * empty query are dropped, because neither is sent. Null when a broker would refuse the URI.
 *
 * Spec   RFC 3986 §6.2.2
 */
export function canonicalTarget(url: URL): TargetUri | null {
  if (!isConfidential(url) || !HOST.test(url.hostname) || url.username !== '' || url.password !== '')
    return null;
  const path = canonicalPart(url.pathname, PATH_CHARS);
  const query = canonicalPart(url.search, QUERY_CHARS);
  if (path === null || query === null || MISREAD.test(path)) return null;
  const htu = `${url.origin}${path}`;
  const href = `${htu}${query}`;
  // What is sent is parsed once more by `fetch`; a spelling that does not survive that is not the one permitted.
  if (href.length > MAX_URI_CHARS || new URL(href).href !== href) return null;
  return { href, htu, origin: url.origin, path };
}

/** Does `target` lie at or below `base`, on a segment boundary? */
export function isWithin(target: TargetUri, base: TargetUri): boolean {
  if (target.origin !== base.origin) return false;
  const prefix = base.path.endsWith('/') ? base.path : `${base.path}/`;
  return target.path === base.path || target.path.startsWith(prefix);
}

/** Null on characters that are not `allowed`, a broken escape, broken UTF-8, an escaped control character or backslash. */
function canonicalPart(part: string, allowed: RegExp): string | null {
  const safe = part.replaceAll(UNSAFE, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  try {
    if (!allowed.test(safe) || /[\p{Cc}\\]/u.test(decodeURIComponent(safe))) return null;
  } catch {
    return null;
  }
  return safe.replaceAll(/%[0-9A-Fa-f]{2}/g, (escape) => {
    const char = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(char) ? char : escape.toUpperCase();
  });
}
