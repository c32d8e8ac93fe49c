/** `schema.lua`: how the plugin is configured. It is the same everywhere. */
export function kongSchema(): string {
  return `local typedefs = require "kong.db.schema.typedefs"

return {
  name = "oncekey",
  fields = {
    { protocols = typedefs.protocols_http },
    {
      config = {
        type = "record",
        fields = {
          -- Of the broker: http://10.0.3.2:8080/forward-auth/<id>
          { url = typedefs.url({ required = true }) },
          -- Milliseconds until the broker has to have answered.
          { timeout = { type = "integer", default = 3000, between = { 1, 60000 } } },
        },
      },
    },
  },
}
`;
}
