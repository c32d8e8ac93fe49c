import type { IpNetwork } from '../shared/ip-network.ts';

/**
 * How a gateway tells of the request that it asks about.
 *
 * - `original`  `X-Original-Method` and `X-Original-URI`: nginx, HAProxy
 * - `forwarded` `X-Forwarded-Method`, `-Proto`, `-Host` and `-Uri`: Caddy, Traefik
 * - `path`      the method and `Host` of the call, and a URI below its path: Envoy
 */
export const GATEWAY_DIALECTS = ['original', 'forwarded', 'path'] as const;

/**
 * Who holds the body against the token.
 *
 * - `none`    nobody: only requests that can have none are permitted, and operations that policies bind to no body
 * - `gateway` it hashes what arrived and tells it in `X-Original-Content-Digest`
 * - `api`     the API, by `X-Oncekey-Content-Digest` of the answer
 */
export const BODY_CHECKS = ['none', 'gateway', 'api'] as const;

/** What a gateway in front of a resource server may ask, and how. */
export interface ForwardAuthProfile {
  /** Networks of the gateway: nobody else is believed. */
  readonly from: readonly IpNetwork[];
  readonly dialect: (typeof GATEWAY_DIALECTS)[number];
  readonly body: (typeof BODY_CHECKS)[number];
  /** Header, in lower case, in which the gateway names each request of a caller; null: it asks once for each. */
  readonly requestId: string | null;
  /** URL of the API's RFC 9728 metadata; null where it has none. */
  readonly resourceMetadata: string | null;
}
