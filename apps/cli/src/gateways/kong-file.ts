import type { GatewayPlace } from './gateway-place.ts';

/** `kong.yaml`: the plugin beside it asks. */
export function kongFile({ id, host, broker, api }: GatewayPlace): string {
  return `# Each request is passed on when the broker has spent its token.
# Registration: forward_auth: { from: [<this host>], dialect: original, body: gateway }
_format_version: '3.0'

services:
  - name: ${id}
    url: http://${api}
    routes:
      - name: ${id}
        hosts: [${host}]
        paths: [/]
        # What is told to the broker is the path as it came, either way.
        strip_path: false
    plugins:
      # No proxy-cache beside it. openid-connect and oauth2-introspection keep what they were answered: not with these.
      - name: oncekey
        config:
          url: http://${broker}/forward-auth/${id}
`;
}
