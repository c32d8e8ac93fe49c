import type { GatewayPlace } from './gateway-place.ts';

/** `dynamic.yaml`: the `forwardAuth` middleware asks. */
export function traefikFile({ id, origin, host, broker, api }: GatewayPlace): string {
  const isTls = origin.startsWith('https:');
  return `# Each request is passed on when the broker has spent its token. No caching plugin may stand before oncekey.
# Registration: forward_auth: { from: [<this host>], dialect: forwarded }
http:
  routers:
    ${id}:
      rule: Host(\`${host}\`)
      entryPoints: [${isTls ? 'websecure' : 'web'}]
      middlewares: [oncekey, spent]
      service: ${id}
${isTls ? '      tls: {}\n' : ''}  middlewares:
    oncekey:
      forwardAuth:
        address: http://${broker}/forward-auth/${id}
        # What callers send in X-Forwarded-* is replaced by what Traefik knows.
        trustForwardHeader: false
        # Traefik takes these away where the broker does not tell them.
        authResponseHeaders:
          - X-Oncekey-Subject
          - X-Oncekey-Subject-Issuer
          - X-Oncekey-Client-Id
          - X-Oncekey-Operation
          - X-Oncekey-Txn
          - X-Oncekey-Jti
          - X-Oncekey-Actor
          - X-Oncekey-Actor-Issuer
          - X-Oncekey-Acr
          - X-Oncekey-Content-Digest
    spent:
      headers:
        customRequestHeaders:
          Authorization: ''
          DPoP: ''
  services:
    ${id}:
      loadBalancer:
        servers:
          - url: http://${api}
`;
}
