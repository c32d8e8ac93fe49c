import type { GatewayPlace } from './gateway-place.ts';

/** `haproxy.cfg`: the script beside it asks. */
export function haproxyFile({ port, api }: GatewayPlace): string {
  return `# Each request is passed on when the broker has spent its token.
# Registration: forward_auth: { from: [<this host>], dialect: original }
global
  lua-load-per-thread "\${ONCEKEY_LUA}/oncekey.lua"

defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s

frontend public
  bind :${port}
  # No cache-use here, and nothing may be kept of what the broker answers.
  http-request del-header X-Oncekey- -m beg
  http-request lua.oncekey
  http-request return status 401 content-type text/plain string "a one-time token is required" hdr WWW-Authenticate "%[var(txn.oncekey_challenge)]" hdr Cache-Control no-store if { var(txn.oncekey_status) -m int 401 }
  http-request return status 403 if { var(txn.oncekey_status) -m int 403 }
  http-request return status 503 hdr Retry-After 1 unless { var(txn.oncekey_status) -m int 200 }
  http-request del-header Authorization
  http-request del-header DPoP
  default_backend api

backend api
  server api ${api}
`;
}
