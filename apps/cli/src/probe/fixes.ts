import type { GatewayProduct } from '../gateways/gateway-setups.ts';
import type { RowId } from './row.ts';

type Fix = { readonly always: string } & Partial<Record<GatewayProduct, string>>;

/** What to do where a row fails: for every gateway, and for one that is known. */
const FIXES: Record<RowId, Fix> = {
  'first-call': {
    always:
      'let the gateway ask the broker about every path below the API; what the broker said names what it was told wrongly: oncekey audit search',
    nginx: 'auth_request in the location of the whole API, as in examples/nginx',
    caddy:
      'forward_auth before handle_path, uri strip_prefix and rewrite: it tells the URI that it finds, as in examples/caddy',
    apache: 'Require valid-user in the Location of the whole API, as in examples/apache',
  },
  'second-call': {
    always:
      'name each request anew: request_id and Idempotency-Key must never be a value that a caller sends, or one for the token',
    nginx: 'proxy_set_header X-Gateway-Request $request_id: not a header of the caller',
    envoy: 'no retries of the question: remove retry_policy from ext_authz',
  },
  'cached-answer': {
    always: 'keep no answer of the broker, nor the answers of the API for callers who were not asked about',
    nginx: 'no proxy_cache in the location that auth_request asks, nor around the API (proxy_cache off)',
    haproxy: 'no http-request cache-use before the question, and none for the API',
    caddy: 'take the cache directive out of the route of the API',
    traefik: 'take the cache plugin out of the router of the API',
    envoy: 'take the cache filter out of the chain, or put it behind ext_authz',
    kong: 'neither openid-connect nor oauth2-introspection, which keep answers (cache_introspection, ttl), but examples/kong',
    apache:
      'mod_auth_openidc: OIDCOAuthTokenIntrospectionInterval -1. mod_oauth2: expiry=0 in OAuth2TokenVerify, which keeps answers for 300 seconds without it. No CacheEnable above the API',
  },
  'changed-body': {
    always:
      'compare the digest of the bytes that arrived, not the Content-Digest header: tell it as content_digest, or set forward_auth.body to none',
    caddy:
      'copy_headers with X-Oncekey-Content-Digest, which the API has to compare, and to refuse a body without it',
    kong: 'X-Original-Content-Digest of kong.request.get_raw_body(), not of what the caller says',
    nginx:
      'forward_auth.body: none, or api with an API that compares X-Oncekey-Content-Digest before it routes',
    apache: 'neither module sees the body: compare X-Oncekey-Content-Digest in the API, before it routes',
  },
  'other-path': {
    always: 'tell http_target_uri as it came, query included, of each request',
    nginx: 'proxy_set_header X-Original-URI $request_uri',
    haproxy: 'X-Original-URI from pathq, not from path',
    kong: 'X-Original-URI from kong.request.get_path_with_query(), as in examples/kong',
    apache:
      'Require expr that compares the htu that the broker answers with the request, as in examples/apache',
  },
  'head-for-get': {
    always: 'tell http_method as it came: frameworks that route HEAD to GET say GET',
    nginx: 'proxy_set_header X-Original-Method $request_method',
    haproxy: 'X-Original-Method from method, as in examples/haproxy',
    caddy: 'forward_auth without a matcher: what it does not match is not asked about',
    apache:
      'Require expr that compares the htm that the broker answers with the method, as in examples/apache',
  },
  downgrade: {
    always:
      'take Authorization: DPoP with one DPoP header alone, tell the proof as dpop_proof, and let the broker check it (binding: enforced)',
    apache: 'mod_oauth2 with type=dpop; mod_auth_openidc cannot check a proof',
  },
  'duplicate-header': {
    always:
      'refuse a request with two Authorization or two DPoP headers; never take the first or the last of them',
    haproxy: 'hand on all values: req_get_headers has them, req.hdr has one',
  },
};

/** The fixes of a row that failed, the gateway's own first. */
export function fixesOf(row: RowId, gateway: GatewayProduct | null): readonly string[] {
  const { always, ...known } = FIXES[row];
  const own = gateway === null ? undefined : known[gateway];
  return own === undefined ? [always] : [`${gateway}: ${own}`, always];
}
