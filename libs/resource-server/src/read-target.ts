import type { Resource } from './canonical-uri.ts';
import { headerValues, type RawHeaders } from './raw-headers.ts';
import type { RefusalReason } from './refusals.ts';

/** Where a request went, spelled as it came. */
export interface PresentedTarget {
  /** The public origin, then path and query byte for byte. */
  readonly uri: string;
  /** With its `?`; empty when there is none. */
  readonly query: string;
}

const HOST = /^([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?$/;
const ABSOLUTE = /^(https?):\/\/([^/?#]*)(.*)$/i;

/**
 * The URI that a request is for. The origin is the registered one: what the request says about it is only held
 * against that, so that nobody chooses by a header which token fits.
 *
 * Spec   RFC 9112 §3.2
 */
export function readTarget(
  { rawUrl, rawHeaders }: { rawUrl: string; rawHeaders: RawHeaders },
  resource: Resource,
  { trustProxy }: { trustProxy: boolean },
): PresentedTarget | RefusalReason {
  const [named, another] = [...headerValues(rawHeaders, ':authority'), ...headerValues(rawHeaders, 'host')];
  if (named === undefined || another !== undefined) return 'bad_host';
  const host = canonicalHost(named, resource.protocol);
  if (host === null) return 'bad_host';

  const path = readPath(rawUrl, host, resource.protocol);
  if (path === null) return 'bad_target';
  const isOurs = trustProxy ? isForwardedFor(rawHeaders, host, resource) : host === resource.host;
  if (!isOurs) return 'other_host';
  const question = path.indexOf('?');
  return { uri: `${resource.origin}${path}`, query: question === -1 ? '' : path.slice(question) };
}

/** Path and query of a request target in origin form, or in an absolute form that names the host of `Host`. */
function readPath(rawUrl: string, host: string, protocol: string): string | null {
  if (rawUrl.startsWith('/')) return rawUrl;
  const [, scheme, authority, rest] = ABSOLUTE.exec(rawUrl) ?? [];
  if (scheme === undefined || authority === undefined || rest === undefined) return null;
  if (`${scheme.toLowerCase()}:` !== protocol || canonicalHost(authority, protocol) !== host) return null;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Behind a proxy `Host` may be an inner name; then the proxy says which one the caller used. */
function isForwardedFor(rawHeaders: RawHeaders, host: string, resource: Resource): boolean {
  const hosts = headerValues(rawHeaders, 'x-forwarded-host');
  const protocols = headerValues(rawHeaders, 'x-forwarded-proto');
  if (hosts.length > 1 || protocols.length > 1) return false;
  const outer = hosts[0] === undefined ? host : canonicalHost(hosts[0], resource.protocol);
  const protocol = protocols[0] === undefined ? resource.protocol : `${protocols[0].toLowerCase()}:`;
  return outer === resource.host && protocol === resource.protocol;
}

/** In lower case, without the default port; null when it is no host at all. */
function canonicalHost(text: string, protocol: string): string | null {
  const [, name, port] = HOST.exec(text) ?? [];
  if (name === undefined) return null;
  const isDefault = port === undefined || Number(port) === (protocol === 'https:' ? 443 : 80);
  return isDefault ? name.toLowerCase() : `${name.toLowerCase()}:${Number(port)}`;
}
