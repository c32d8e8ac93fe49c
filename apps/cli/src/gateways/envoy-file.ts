import type { GatewayPlace } from './gateway-place.ts';

/** `envoy.yaml`: `ext_authz` over HTTP asks. */
export function envoyFile({ id, broker }: GatewayPlace): string {
  return `# The HTTP filters of a listener: each request is passed on when the broker has spent its token.
# Registration: forward_auth: { from: [<this host>], dialect: path }
http_filters:
  - name: envoy.filters.http.header_mutation
    typed_config:
      '@type': type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
      mutations:
        request_mutations:
          # What the broker does not tell must not come from the caller.
          - remove: x-oncekey-subject
          - remove: x-oncekey-subject-issuer
          - remove: x-oncekey-client-id
          - remove: x-oncekey-operation
          - remove: x-oncekey-txn
          - remove: x-oncekey-jti
          - remove: x-oncekey-actor
          - remove: x-oncekey-actor-issuer
          - remove: x-oncekey-acr
          - remove: x-oncekey-content-digest
  - name: envoy.filters.http.ext_authz
    typed_config:
      '@type': type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
      # Whatever cannot be decided does not pass; there is no retry policy, and nothing caches an answer.
      failure_mode_allow: false
      status_on_error: { code: ServiceUnavailable }
      http_service:
        path_prefix: /forward-auth/${id}
        server_uri: { uri: http://${broker}, cluster: oncekey, timeout: 3s }
        authorization_request:
          # Authorization, Host, method and path go along by themselves.
          allowed_headers:
            patterns: [{ exact: dpop }, { exact: content-type }]
        authorization_response:
          allowed_upstream_headers:
            patterns: [{ prefix: x-oncekey- }]
          allowed_client_headers:
            patterns: [{ exact: www-authenticate }, { exact: retry-after }, { exact: oncekey-reason-id }]
  - name: envoy.filters.http.router
    typed_config:
      '@type': type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
`;
}
