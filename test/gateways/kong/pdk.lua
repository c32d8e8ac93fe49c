-- The functions of Kong's plugin development kit that the plugin calls, as its reference describes them.
local function exit(status, body, headers)
  ngx.status = status
  for name, value in pairs(headers or {}) do ngx.header[name] = value end
  if type(body) == "table" then
    ngx.header["Content-Type"] = "application/json"
    body = '{"message":"' .. body.message .. '"}'
  end
  ngx.print(body or "")
  return ngx.exit(status)
end

local function get_raw_body()
  ngx.req.read_body()
  local body = ngx.req.get_body_data()
  if not body and ngx.req.get_body_file() then return nil, "request body did not fit" end
  return body or ""
end

kong = {
  log = { err = function(...) ngx.log(ngx.ERR, ...) end },
  response = { exit = exit },
  request = {
    get_raw_body = get_raw_body,
    get_headers = ngx.req.get_headers,
    get_method = ngx.req.get_method,
    get_path_with_query = function() return ngx.var.request_uri end,
  },
  service = { request = { set_header = ngx.req.set_header, clear_header = ngx.req.clear_header } },
}
