import type { GatewayPlace } from './gateway-place.ts';

/** `mod_oauth2.conf`: Apache with mod_oauth2, which introspects. */
export function apacheFile({ clientId, origin, port, api }: GatewayPlace): string {
  return `# Apache with mod_oauth2: introspects each request, checks its DPoP proof, and holds what the broker answers against it.
# Registration: binding: self, algorithms: [RS256], jwks: the public half of the RSA key in \`jwk\`; no forward_auth
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authn_core_module /usr/lib/apache2/modules/mod_authn_core.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule authz_user_module /usr/lib/apache2/modules/mod_authz_user.so
LoadModule setenvif_module /usr/lib/apache2/modules/mod_setenvif.so
LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
LoadModule oauth2_module /usr/lib/apache2/modules/mod_oauth2.so

User www-data
Group www-data
PidFile \${ONCEKEY_RUN}/apache.pid
ErrorLog \${ONCEKEY_RUN}/error.log
Listen ${port}
ServerName ${origin}

# The path and query as they came: the URI that the token has to be for.
SetEnvIfExpr "%{THE_REQUEST} =~ m#^\\S+ (/\\S*) #" ONCEKEY_URI=$1

# Of two, Apache makes one with a comma in it.
SetEnvIfExpr "%{HTTP:Authorization} =~ /,/ || %{HTTP:DPoP} =~ /,/" ONCEKEY_DOUBLED=1

<Location "/">
  AuthType oauth2
  OAuth2AcceptTokenIn header name=Authorization&type=DPoP
  # expiry=0: without it an answer is kept for 300 seconds, and a token is good for as many calls as fit in.
  OAuth2TokenVerify introspect \${ONCEKEY_ISSUER}/introspect introspect.auth=private_key_jwt&client_id=${clientId}&aud=\${ONCEKEY_ISSUER}&jwk=\${ONCEKEY_JWK}&type=dpop&expiry=0
  OAuth2TargetPass prefix=OAUTH2_CLAIM_

  <RequireAll>
    Require valid-user
    Require expr "%{REMOTE_USER} != '' && -z reqenv('ONCEKEY_DOUBLED')"
    Require expr "%{REMOTE_USER} != '' && reqenv('OAUTH2_CLAIM_htm') == %{REQUEST_METHOD}"
    Require expr "%{REMOTE_USER} != '' && reqenv('OAUTH2_CLAIM_htu') == '${origin}' . reqenv('ONCEKEY_URI')"
    # Nobody here looks at a body. Let one through where the API compares the digest that the token permits.
    Require expr "%{REMOTE_USER} != '' && %{REQUEST_METHOD} in { 'GET', 'HEAD', 'DELETE', 'OPTIONS' }"
  </RequireAll>

  RequestHeader unset Authorization
  RequestHeader unset DPoP
  ProxyPass http://${api}/
</Location>
`;
}
