import { DEFAULT_ALGORITHMS, HTTP_OPERATION, JWT_BEARER_GRANT, TOKEN_EXCHANGE } from '#core';
import { ROUTES } from '../served-paths.ts';

/** Identity assertions as grants (draft-ietf-oauth-identity-assertion-authz-grant). */
const ID_JAG_PROFILE = 'urn:ietf:params:oauth:grant-profile:id-jag';

/** Only what exists is named: a client that believes it must not be disappointed. */
export interface Metadata {
  readonly issuer: string;
  readonly token_endpoint: string;
  readonly introspection_endpoint: string;
  readonly revocation_endpoint: string;
  readonly global_token_revocation_endpoint: string;
  readonly jwks_uri: string;
  readonly response_types_supported: readonly string[];
  readonly grant_types_supported: readonly string[];
  readonly authorization_grant_profiles_supported: readonly string[];
  readonly token_endpoint_auth_methods_supported: readonly string[];
  readonly token_endpoint_auth_signing_alg_values_supported: readonly string[];
  readonly introspection_endpoint_auth_methods_supported: readonly string[];
  readonly introspection_endpoint_auth_signing_alg_values_supported: readonly string[];
  readonly introspection_signing_alg_values_supported: readonly string[];
  readonly revocation_endpoint_auth_methods_supported: readonly string[];
  readonly revocation_endpoint_auth_signing_alg_values_supported: readonly string[];
  readonly dpop_signing_alg_values_supported: readonly string[];
  readonly authorization_details_types_supported: readonly string[];
}

/**
 * Authorization server metadata (RFC 8414 §2). `response_types_supported` is empty and there all the same: the RFC
 * demands the member, and leaves an authorization server without authorization endpoint no other value.
 */
export function metadataOf(issuer: string): Metadata {
  const algorithms = [...DEFAULT_ALGORITHMS];
  return {
    issuer,
    token_endpoint: `${issuer}${ROUTES.token}`,
    introspection_endpoint: `${issuer}${ROUTES.introspect}`,
    revocation_endpoint: `${issuer}${ROUTES.revoke}`,
    global_token_revocation_endpoint: `${issuer}${ROUTES.globalRevocation}`,
    jwks_uri: `${issuer}${ROUTES.jwks}`,
    response_types_supported: [],
    grant_types_supported: [TOKEN_EXCHANGE, JWT_BEARER_GRANT],
    authorization_grant_profiles_supported: [ID_JAG_PROFILE],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    introspection_endpoint_auth_methods_supported: ['private_key_jwt'],
    introspection_endpoint_auth_signing_alg_values_supported: algorithms,
    introspection_signing_alg_values_supported: ['ES256'],
    revocation_endpoint_auth_methods_supported: ['private_key_jwt'],
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
    dpop_signing_alg_values_supported: algorithms,
    authorization_details_types_supported: [HTTP_OPERATION],
  };
}
