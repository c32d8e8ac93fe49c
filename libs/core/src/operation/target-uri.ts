/** Where plain http is acceptable: nowhere, or on the loopback interface of a developer's machine. */
export interface UriRules {
  allowHttpLoopback: boolean;
}

/** An absolute http(s) URI in canonical form, taken apart. `href` is what is stored and compared. */
export interface TargetUri {
  readonly href: string;
  /** `scheme://host[:port]`, lower case, default port dropped. */
  readonly origin: string;
  /** Path in canonical form; at least `/`. */
  readonly path: string;
  /** `?` and what follows, byte for byte; empty when there is none. An empty query is `?`. */
  readonly query: string;
}

const MAX_URI_CHARS = 2048;

/** RFC 3986 §2.2, §2.3 without what our canonical paths refuse: `;` (matrix parameters) and `\`. */
const URI = /^(https?):\/\/([^/?#]+)(\/[^?#]*)?(\?[^#]*)?$/i;
const PATH_CHARS = /^[A-Za-z0-9\-._~!$&'()*+,=:@/%]*$/;
const QUERY_CHARS = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*$/;
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])$/i;
/** What servers in a row read differently: empty segments, and dots that only become a segment when decoded once more. */
const MISREAD = /\/\/|\/\.{1,2}%(?:2F|3B)|%(?:2F|3B)\.{1,2}(?:\/|%2F|%3B|$)/;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Canonical form of a target URI as it is fixed at issuance: lower-case scheme and host, no default port, no dot
 * segments, unreserved characters decoded and hex in upper case; path and query otherwise byte for byte.
 * Null when there is no such form: not absolute, userinfo, fragment, control characters, `\`, `;` or `//` in the
 * path, dot segments at an encoded slash or semicolon, a host that is not plain ASCII, a broken percent-escape.
 *
 * Spec   RFC 3986 §6.2.2, §6.2.3
 */
export function canonicalTargetUri(text: string, rules: UriRules): TargetUri | null {
  return readTargetUri(text, rules, removeDotSegments);
}

/**
 * As `canonicalTargetUri`, for a URI that a resource server says it was called with. Dot segments are refused,
 * not resolved: what is served must be what was asked for, never something that normalises into it.
 */
export function presentedTargetUri(text: string, rules: UriRules): TargetUri | null {
  return readTargetUri(text, rules, (path) => (hasDotSegment(path) ? null : path));
}

/** Does `target` lie at or below `base`, on a segment boundary? */
export function isWithin(target: TargetUri, base: TargetUri): boolean {
  if (target.origin !== base.origin) return false;
  const prefix = base.path.endsWith('/') ? base.path : `${base.path}/`;
  return target.path === base.path || target.path.startsWith(prefix);
}

/** The target's path as a catalog knows it: below the resource server's own, with a leading slash. */
export function pathBelow(base: TargetUri, target: TargetUri): string {
  return target.path.slice(prefixOf(base).length) || '/';
}

/** The path of a resource server without a slash at its end. */
export function prefixOf({ path }: TargetUri): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function readTargetUri(
  text: string,
  { allowHttpLoopback }: UriRules,
  settleDots: (path: string) => string | null,
): TargetUri | null {
  if (text.length > MAX_URI_CHARS) return null;
  const parts = URI.exec(text);
  if (parts === null) return null;
  const [, rawScheme = '', authority = '', rawPath = '/', rawQuery = ''] = parts;
  const scheme = rawScheme.toLowerCase();
  const host = readAuthority(authority, scheme);
  if (host === null) return null;
  if (scheme === 'http' && !(allowHttpLoopback && LOOPBACK.has(host.name))) return null;

  const decoded = PATH_CHARS.test(rawPath) ? normaliseEscapes(rawPath) : null;
  const path = decoded === null || MISREAD.test(decoded) ? null : settleDots(decoded);
  const query = QUERY_CHARS.test(rawQuery) ? normaliseEscapes(rawQuery) : null;
  if (path === null || query === null) return null;
  const origin = `${scheme}://${host.name}${host.port}`;
  const href = `${origin}${path}${query}`;
  return href.length > MAX_URI_CHARS ? null : { href, origin, path, query };
}

function readAuthority(authority: string, scheme: string): { name: string; port: string } | null {
  const [, spelt = '', port] = /^(.*?)(?::([0-9]{1,5}))?$/.exec(authority) ?? [];
  // Tested before its case is changed: there are foreign letters whose lower case is one of ours.
  if (spelt.length > 253 || !HOST.test(spelt)) return null;
  const name = spelt.toLowerCase();
  if (port === undefined) return { name, port: '' };
  const number = Number(port);
  if (number < 1 || number > 65_535 || String(number) !== port) return null;
  return { name, port: number === (scheme === 'https' ? 443 : 80) ? '' : `:${number}` };
}

/** RFC 3986 §6.2.2.1, §6.2.2.2. Null on a broken escape, an encoded control character or broken UTF-8. */
function normaliseEscapes(text: string): string | null {
  if (!text.includes('%')) return text;
  try {
    if (/[\p{Cc}\\]/u.test(decodeURIComponent(text))) return null;
  } catch {
    return null;
  }
  return text.replaceAll(/%[0-9A-Fa-f]{2}/g, (escape) => {
    const char = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(char) ? char : escape.toUpperCase();
  });
}

function hasDotSegment(path: string): boolean {
  return /(?:^|\/)\.{1,2}(?:\/|$)/.test(path);
}

/** RFC 3986 §5.2.4, for a path that begins with a slash. */
function removeDotSegments(path: string): string {
  if (!hasDotSegment(path)) return path;
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  segments.forEach((segment, at) => {
    const isLast = at === segments.length - 1;
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
    if ((segment === '.' || segment === '..') && isLast) kept.push('');
  });
  return `/${kept.join('/')}`;
}
