import type { GatewayPlace } from './gateway-place.ts';

/** `kong.yml`: a function of the pre-function plugin asks, since Kong without a licence has no plugin that does. */
export function kongFile({ id, host, broker, api }: GatewayPlace): string {
  return `# Each request is passed on when the broker has spent its token. No proxy-cache plugin may stand beside oncekey's.
# Registration: forward_auth: { from: [<this host>], dialect: original }
# Kong lets the function ask with untrusted_lua_sandbox_requires = resty.http
_format_version: '3.0'
services:
  - name: ${id}
    url: http://${api}
    # A request whose token is spent is not sent to the API twice.
    retries: 0
    routes:
      - name: ${id}
        hosts: [${host}]
        paths: [/]
        strip_path: false
        preserve_host: true
    plugins:
      - name: pre-function
        config:
          access:
            - |
              local http = require "resty.http"
              local told = { "Subject", "Subject-Issuer", "Client-Id", "Operation", "Txn", "Jti", "Actor", "Actor-Issuer", "Acr", "Content-Digest" }
              local sent = kong.request.get_headers(1000)
              local client = http.new()
              client:set_timeout(3000)
              -- A header that came twice is a table, and is told twice: the broker refuses it.
              local answer = client:request_uri("http://${broker}/forward-auth/${id}", {
                method = "GET",
                headers = {
                  ["Authorization"] = sent["authorization"],
                  ["DPoP"] = sent["dpop"],
                  ["Content-Type"] = sent["content-type"],
                  ["X-Original-Method"] = kong.request.get_method(),
                  ["X-Original-URI"] = kong.request.get_path_with_query(),
                },
              })
              local status = answer and answer.status
              if status == 401 then
                return kong.response.exit(401, "a one-time token is required", {
                  ["WWW-Authenticate"] = answer.headers["WWW-Authenticate"] or "DPoP",
                  ["Oncekey-Reason-Id"] = answer.headers["Oncekey-Reason-Id"],
                  ["Cache-Control"] = "no-store",
                })
              end
              if status == 403 then return kong.response.exit(403) end
              if status ~= 200 then return kong.response.exit(503, nil, { ["Retry-After"] = "1" }) end
              -- What the broker does not tell must not come from the caller.
              for name in pairs(sent) do
                if name:sub(1, 10) == "x-oncekey-" then kong.service.request.clear_header(name) end
              end
              for _, name in ipairs(told) do
                local value = answer.headers["X-Oncekey-" .. name]
                if value then kong.service.request.set_header("X-Oncekey-" .. name, value) end
              end
              kong.service.request.clear_header("Authorization")
              kong.service.request.clear_header("DPoP")
`;
}
