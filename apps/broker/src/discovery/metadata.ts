import {
  ACCESS_TOKEN,
  CLIENT_CREDENTIALS,
  DEFAULT_ALGORITHMS,
  DEFERRAL_CODE_TYPE,
  DEFERRED_GRANT,
  HTTP_OPERATION,
  JWT_BEARER_GRANT,
  TOKEN_EXCHANGE,
} from '#core';
import type { Edge, MutualTls } from '../edge.ts';
import { ROUTES } from '../served-paths.ts';

/** Identity assertions as grants (draft-ietf-oauth-identity-assertion-authz-grant). */
const ID_JAG_PROFILE = 'urn:ietf:params:oauth:grant-profile:id-jag';

/** Where callers prove who they are (RFC 8705 §5). */
type AliasedEndpoint = 'token_endpoint' | 'introspection_endpoint' | 'revocation_endpoint';

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
  readonly deferred_token_response_supported: true;
  readonly authorization_grant_profiles_supported: readonly string[];
  readonly token_endpoint_auth_methods_supported: readonly string[];
  readonly token_endpoint_auth_signing_alg_values_supported: readonly string[];
  readonly introspection_endpoint_auth_methods_supported: readonly string[];
  readonly introspection_endpoint_auth_signing_alg_values_supported: readonly string[];
  readonly tls_client_certificate_bound_access_tokens?: true;
  readonly mtls_endpoint_aliases?: Readonly<Record<AliasedEndpoint, string>>;
  readonly introspection_signing_alg_values_supported: readonly string[];
  readonly revocation_endpoint_auth_methods_supported: readonly string[];
  readonly revocation_endpoint_auth_signing_alg_values_supported: readonly string[];
  readonly revocation_endpoint_token_type_values_supported: readonly string[];
  readonly client_attestation_signing_alg_values_supported: readonly string[];
  readonly client_attestation_pop_signing_alg_values_supported: readonly string[];
  readonly dpop_signing_alg_values_supported: readonly string[];
  readonly authorization_details_types_supported: readonly string[];
}

/**
 * Authorization server metadata (RFC 8414 §2). `response_types_supported` is empty and there all the same: the RFC
 * demands the member, and leaves an authorization server without authorization endpoint no other value.
 */
export function metadataOf({ issuer, mutualTls }: Pick<Edge, 'issuer' | 'mutualTls'>): Metadata {
  const algorithms = [...DEFAULT_ALGORITHMS];
  const ownMethods = ['private_key_jwt', ...(mutualTls === null ? [] : CERTIFICATE_METHODS)];
  return {
    issuer,
    token_endpoint: `${issuer}${ROUTES.token}`,
    introspection_endpoint: `${issuer}${ROUTES.introspect}`,
    revocation_endpoint: `${issuer}${ROUTES.revoke}`,
    global_token_revocation_endpoint: `${issuer}${ROUTES.globalRevocation}`,
    jwks_uri: `${issuer}${ROUTES.jwks}`,
    response_types_supported: [],
    grant_types_supported: [TOKEN_EXCHANGE, JWT_BEARER_GRANT, CLIENT_CREDENTIALS, DEFERRED_GRANT],
    deferred_token_response_supported: true,
    authorization_grant_profiles_supported: [ID_JAG_PROFILE],
    token_endpoint_auth_methods_supported: [...ownMethods, 'spiffe_jwt', ...ATTESTATION_METHODS],
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    introspection_endpoint_auth_methods_supported: [...ownMethods, 'spiffe_jwt', BEARER],
    introspection_endpoint_auth_signing_alg_values_supported: algorithms,
    ...(mutualTls !== null && certificateMembers(mutualTls)),
    introspection_signing_alg_values_supported: ['ES256'],
    revocation_endpoint_auth_methods_supported: [...ownMethods, 'spiffe_jwt', 'attest_jwt_client_auth'],
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
    revocation_endpoint_token_type_values_supported: [ACCESS_TOKEN, DEFERRAL_CODE_TYPE],
    client_attestation_signing_alg_values_supported: algorithms,
    client_attestation_pop_signing_alg_values_supported: algorithms,
    dpop_signing_alg_values_supported: algorithms,
    authorization_details_types_supported: [HTTP_OPERATION],
  };
}

/** The type of access token by which a caller may say who it is (RFC 8414 §2): a caller token, or a JWT of its platform. */
const BEARER = 'Bearer';

/** draft-ietf-oauth-attestation-based-client-auth §10.1 */
const ATTESTATION_METHODS = ['attest_jwt_client_auth', 'attest_jwt_client_auth_dpop'];

/** RFC 8705 §2.1.1, §2.2.1 */
const CERTIFICATE_METHODS = ['tls_client_auth', 'self_signed_tls_client_auth'];

/** RFC 8705 §3.3, §5 */
function certificateMembers({
  url,
}: MutualTls): Pick<Metadata, 'tls_client_certificate_bound_access_tokens' | 'mtls_endpoint_aliases'> {
  return {
    tls_client_certificate_bound_access_tokens: true,
    ...(url !== null && {
      mtls_endpoint_aliases: {
        token_endpoint: `${url}${ROUTES.token}`,
        introspection_endpoint: `${url}${ROUTES.introspect}`,
        revocation_endpoint: `${url}${ROUTES.revoke}`,
      },
    }),
  };
}
