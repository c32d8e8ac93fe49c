/** `handler.lua`: the plugin asks, since Kong brings none that does. It is the same everywhere. */
export function kongHandler(): string {
  return `-- Each request is passed on when the broker has spent its token. Whatever is not a yes does not pass; nothing is kept.
local http = require "resty.http"
local sha256 = require "resty.sha256"

local TOLD = { "subject", "subject-issuer", "client-id", "operation", "txn", "jti", "actor", "actor-issuer", "acr", "content-digest" }

local Oncekey = {
  VERSION = "1.0.0",
  -- After the plugins that turn requests away, whose tokens are not to be spent; before those that change them.
  PRIORITY = 850,
}

local function digest_of(body)
  local hash = sha256:new()
  hash:update(body)
  return "sha-256=:" .. ngx.encode_base64(hash:final()) .. ":"
end

function Oncekey:access(conf)
  local body = kong.request.get_raw_body()
  if not body then
    return kong.response.exit(413, { message = "the body is larger than client_body_buffer_size" })
  end
  local sent = kong.request.get_headers(1000)
  local client = http.new()
  client:set_timeout(conf.timeout)
  local answer, failure = client:request_uri(conf.url, {
    method = "GET",
    headers = {
      ["Authorization"] = sent["authorization"],
      ["DPoP"] = sent["dpop"],
      ["Content-Type"] = sent["content-type"],
      ["X-Original-Method"] = kong.request.get_method(),
      ["X-Original-URI"] = kong.request.get_path_with_query(),
      ["X-Original-Content-Digest"] = digest_of(body),
    },
  })
  if not answer then
    kong.log.err("the broker does not answer: ", failure)
    return kong.response.exit(503, { message = "not now" }, { ["Retry-After"] = "1" })
  elseif answer.status == 401 then
    return kong.response.exit(401, { message = "a one-time token is required" }, {
      ["WWW-Authenticate"] = answer.headers["WWW-Authenticate"],
      ["Oncekey-Reason-Id"] = answer.headers["Oncekey-Reason-Id"],
      ["Cache-Control"] = "no-store",
    })
  elseif answer.status == 403 then
    kong.log.err("the broker does not know this gateway, or not in this dialect: ", conf.url)
    return kong.response.exit(403, { message = "the gateway is not registered" })
  elseif answer.status ~= 200 then
    return kong.response.exit(503, { message = "not now" }, { ["Retry-After"] = "1" })
  end

  -- What the broker does not tell must not come from the caller.
  for name in pairs(sent) do
    if name:lower():find("^x.oncekey.") then kong.service.request.clear_header(name) end
  end
  for _, name in ipairs(TOLD) do
    local value = answer.headers["X-Oncekey-" .. name]
    if value and value ~= "" then kong.service.request.set_header("X-Oncekey-" .. name, value) end
  end
  kong.service.request.clear_header("Authorization")
  kong.service.request.clear_header("DPoP")
end

return Oncekey
`;
}
