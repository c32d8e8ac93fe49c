const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** May a secret be sent there: https, or http that does not leave this machine? */
export function isConfidential({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

/** Unreserved characters decoded, hex in upper case; nothing else is touched (RFC 3986 §6.2.2.1, §6.2.2.2). */
export function normaliseEscapes(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(/%[0-9A-Fa-f]{2}/g, (escape) => {
    const char = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(char) ? char : escape.toUpperCase();
  });
}

/** A resource server's identifier in the broker's canonical form, taken apart. */
export interface Resource {
  readonly href: string;
  /** `https:` or `http:` */
  readonly protocol: string;
  readonly origin: string;
  /** Host in lower case, with the port where it is not the default one. */
  readonly host: string;
}

/**
 * Fails  TypeError when it is no https URL (or http on this machine) without userinfo, query and fragment
 */
export function readResource(identifier: string): Resource {
  const url = URL.canParse(identifier) ? new URL(identifier) : null;
  if (
    url === null ||
    !isConfidential(url) ||
    `${url.username}${url.password}${url.search}${url.hash}` !== '' ||
    /[?#]/.test(identifier)
  ) {
    throw new TypeError(`resource is not acceptable: ${identifier}`);
  }
  const { origin, host, protocol } = url;
  return { href: `${origin}${normaliseEscapes(url.pathname)}`, protocol, origin, host };
}
