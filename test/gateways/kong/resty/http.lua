-- lua-resty-http comes with Kong; Debian has not got it. This much of it asks a question and reads the headers.
local Http = {}
Http.__index = Http

function Http.new() return setmetatable({ socket = ngx.socket.tcp() }, Http) end

function Http:set_timeout(milliseconds) self.socket:settimeout(milliseconds) end

local function lines_of(method, path, host, headers)
  local lines = { method .. " " .. path .. " HTTP/1.1", "Host: " .. host, "Connection: close" }
  for name, values in pairs(headers) do
    if type(values) ~= "table" then values = { values } end
    for _, value in ipairs(values) do lines[#lines + 1] = name .. ": " .. value end
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

function Http:request_uri(url, asked)
  local host, port, path = url:match("^http://([^:/]+):(%d+)(/.*)$")
  local connected, failure = self.socket:connect(host, tonumber(port))
  if not connected then return nil, failure end
  self.socket:send(lines_of(asked.method, path, host .. ":" .. port, asked.headers))
  local status_line, lost = self.socket:receive("*l")
  if not status_line then return nil, lost end
  local headers = setmetatable({}, { __index = function(own, name) return rawget(own, name:lower()) end })
  while true do
    local line = self.socket:receive("*l")
    if not line then return nil, "the answer ends in its headers" end
    if line == "" then break end
    local name, value = line:match("^([^:]+):%s*(.-)%s*$")
    rawset(headers, name:lower(), value)
  end
  self.socket:close()
  return { status = tonumber(status_line:match("^HTTP/1%.1 (%d%d%d)")), headers = headers }
end

return Http
