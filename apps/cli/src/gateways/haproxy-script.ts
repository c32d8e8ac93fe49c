import type { GatewayPlace } from './gateway-place.ts';

/** `oncekey.lua`, which HAProxy loads. */
export function haproxyScript({ id, broker }: GatewayPlace): string {
  return `-- Asks the broker about a request. txn.oncekey_status is 200 only when its token was spent; unset when nobody answered.
local BROKER = os.getenv("ONCEKEY_FORWARD_AUTH") or "http://${broker}/forward-auth/${id}"
local TOLD = { "subject", "subject-issuer", "client-id", "operation", "txn", "jti", "actor", "actor-issuer", "acr", "content-digest" }

local function all(headers, name)
  local values = {}
  for at, value in pairs(headers[name] or {}) do values[at + 1] = value end
  return #values > 0 and values or nil
end

core.register_action("oncekey", { "http-req" }, function(txn)
  local sent = txn.http:req_get_headers()
  local asked = {
    ["authorization"] = all(sent, "authorization"),
    ["dpop"] = all(sent, "dpop"),
    ["content-type"] = all(sent, "content-type"),
    ["x-original-method"] = { txn.f:method() },
    ["x-original-uri"] = { txn.f:pathq() },
  }
  local answer = core.httpclient():get({ url = BROKER, headers = asked, timeout = 3000 })
  if answer == nil or answer.status == nil then return end
  txn:set_var("txn.oncekey_status", answer.status)
  local challenge = answer.headers and answer.headers["www-authenticate"]
  txn:set_var("txn.oncekey_challenge", challenge and challenge[0] or "DPoP")
  if answer.status ~= 200 then return end
  for _, name in ipairs(TOLD) do
    local value = answer.headers["x-oncekey-" .. name]
    if value then txn.http:req_set_header("x-oncekey-" .. name, value[0]) end
  end
end)
`;
}
