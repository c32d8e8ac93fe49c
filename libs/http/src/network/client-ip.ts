import { readIp } from './read-ip.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

/**
 * Who called: the peer of the connection or, where that is a proxy of ours, the last address in `X-Forwarded-For`
 * that is none. What stands further left was written by strangers and is not read. Null when nobody can be named.
 */
export function clientIp(
  peer: string | undefined,
  forwardedFor: () => readonly string[],
  proxies: TrustedProxies,
): string | null {
  let ip = peer === undefined ? null : readIp(peer);
  if (ip === null || proxies.isEmpty || !proxies.trusts(ip)) return ip;
  const hops = forwardedFor().flatMap((field) => field.split(','));
  for (let at = hops.length - 1; at >= 0; at -= 1) {
    ip = readIp(withoutPort(hops[at]?.trim() ?? ''));
    if (ip === null || !proxies.trusts(ip)) return ip;
  }
  return ip;
}

/** The peer of a connection, whatever it says of others. Null when it is gone, or is a proxy of ours that passes on their calls. */
export function peerIp(peer: string | undefined, proxies: TrustedProxies): string | null {
  const ip = peer === undefined ? null : readIp(peer);
  return ip === null || proxies.trusts(ip) ? null : ip;
}

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  return /^\[([^\]]*)\](?::[0-9]+)?$/.exec(text)?.[1] ?? text.replace(/^([0-9.]+):[0-9]+$/, '$1');
}
