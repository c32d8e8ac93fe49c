-- lua-resty-string has this in Kong; Debian has not. The functions of OpenSSL are in nginx.
local ffi = require "ffi"
ffi.cdef "unsigned char *SHA256(const unsigned char *data, size_t length, unsigned char *digest);"

local Sha256 = {}
Sha256.__index = Sha256

function Sha256.new() return setmetatable({ text = "" }, Sha256) end

function Sha256:update(text)
  self.text = self.text .. text
  return true
end

function Sha256:final()
  local digest = ffi.new("unsigned char[32]")
  ffi.C.SHA256(self.text, #self.text, digest)
  return ffi.string(digest, 32)
end

return Sha256
