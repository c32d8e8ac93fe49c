import { isIP } from 'node:net';
import { canonicalTargetUri } from '#core';
import { FetchRefused } from './fetch-refused.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

export interface OutboundRules {
  /** On a developer's machine: http and https to this machine itself, under one of its three names. */
  readonly allowHttpLoopback: boolean;
}

/** Where a request goes. */
export interface OutboundTarget {
  readonly url: URL;
  /** Name or address, without brackets. */
  readonly host: string;
  readonly isLoopback: boolean;
}

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '::1']);

/** Names that mean something else in every network (RFC 6761, RFC 6762, RFC 8375). */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|localdomain|home\.arpa)$/;

/** Ports of other things than web servers, which might take a request for one of theirs. */
const OTHER_SERVICES = new Set([
  1433, 1521, 2049, 3306, 3389, 4190, 5060, 5061, 5432, 5672, 5900, 6000, 6379, 6566, 6665, 6666, 6667, 6668,
  6669, 6697, 9042, 11211, 27017,
]);

const HTTPS_PORT = 443;
const FIRST_UNPRIVILEGED_PORT = 1024;

/**
 * Reads a URL that we are about to fetch from. It must be https in canonical spelling, without userinfo and fragment,
 * on port 443 or an unprivileged one, and its host must be a full name or a public address. Nothing is resolved here.
 *
 * Fails  FetchRefused bad_url | forbidden_address
 */
export function readOutboundUrl(text: string, rules: OutboundRules): OutboundTarget {
  const canonical = canonicalTargetUri(text, rules);
  if (canonical === null || !URL.canParse(canonical.href)) {
    throw new FetchRefused('bad_url', 'not a canonical https URL');
  }
  const url = new URL(canonical.href);
  // `0x7f.1` and `2130706433` are names by their looks and addresses to a URL parser.
  if (url.origin !== canonical.origin) throw new FetchRefused('bad_url', 'an odd spelling of an address');
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  if (url.protocol === 'https:' && port !== HTTPS_PORT && !isWebPort(port)) {
    throw new FetchRefused('bad_url', `port ${port}`);
  }

  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (rules.allowHttpLoopback && LOOPBACK_HOSTS.has(host)) return { url, host, isLoopback: true };
  if (isIP(host) === 0) {
    if (!host.includes('.') || LOCAL_NAME.test(host)) throw new FetchRefused('bad_url', 'not a public name');
  } else {
    assertReachable(host, false);
  }
  return { url, host, isLoopback: false };
}

/** Fails  FetchRefused forbidden_address, unless it is public, or this machine where that is meant */
export function assertReachable(address: string, isLoopback: boolean): void {
  if (isLoopback ? isLoopbackAddress(address) : isPublicAddress(address)) return;
  throw new FetchRefused('forbidden_address');
}

function isWebPort(port: number): boolean {
  return port >= FIRST_UNPRIVILEGED_PORT && !OTHER_SERVICES.has(port);
}
