import { ACTING_REFUSALS } from './acting-refusals.ts';
import { SUBJECT_REFUSALS } from './subject-refusals.ts';
import { APPROVAL_REFUSALS } from './approval-refusals.ts';
import { ASSERTION_REFUSALS } from './assertion-refusals.ts';
import { BEARER_REFUSALS } from './bearer-refusals.ts';
import { EVENT_REFUSALS } from './event-refusals.ts';
import { LATER_REFUSALS } from './later-refusals.ts';
import type { RefusalRow } from './refusal-row.ts';
import { VOUCHER_REFUSALS } from './voucher-refusals.ts';

export type { RefusalRow };

const client = { error: 'invalid_client', status: 401, says: 'client authentication failed' } as const;
const proof = { error: 'invalid_dpop_proof', status: 400, says: 'the DPoP proof was not accepted' } as const;
const nonce = {
  error: 'use_dpop_nonce',
  status: 400,
  says: 'a DPoP proof with the given nonce is required',
} as const;
const target = { error: 'invalid_target', status: 400, says: 'resource was not accepted' } as const;
const details = {
  error: 'invalid_authorization_details',
  status: 400,
  says: 'authorization_details were not accepted',
} as const;
const denied = {
  error: 'invalid_authorization_details',
  status: 400,
  says: 'the operation is not permitted',
} as const;
const stepUp = {
  error: 'insufficient_user_authentication',
  status: 400,
  says: 'a different authentication level is required',
} as const;

/**
 * Every way a request can be refused. Key: audit log. Row: wire. RFC 8693 §2.2.2 makes every bad subject token
 * `invalid_request`; RFC 9396 §5 names the error for details; RFC 9470 §3 the one for step-up.
 */
export const REFUSALS = {
  'request.malformed': {
    error: 'invalid_request',
    status: 400,
    says: 'the request is malformed',
    means:
      'the body is not a form as RFC 6749 wants it, or a parameter is repeated, missing or not of its shape',
  },
  'request.wrong_media_type': {
    error: 'invalid_request',
    status: 415,
    says: 'application/x-www-form-urlencoded is required',
    means: 'the body was not sent as an uncompressed UTF-8 form',
  },
  'request.too_large': {
    error: 'invalid_request',
    status: 413,
    says: 'the request is too large',
    means: 'the body, or one of its parameters, is larger than any honest request',
  },
  'request.wrong_method': {
    error: 'invalid_request',
    status: 405,
    says: 'POST is required',
    means: 'the endpoint was called with a method that it does not have',
  },
  'grant.unsupported': {
    error: 'unsupported_grant_type',
    status: 400,
    says: 'grant_type is not supported',
    means: 'grant_type names a grant that this broker does not speak',
  },
  'grant.unsupported_token_type': {
    error: 'invalid_request',
    status: 400,
    says: 'the token type is not supported',
    means:
      'subject_token_type, actor_token_type or requested_token_type names a kind that is not accepted here',
  },
  'grant.scope_not_accepted': {
    error: 'invalid_scope',
    status: 400,
    says: 'scope was not accepted',
    means: 'scope is not one operation of the resource, or not the one of authorization_details',
  },
  'client.missing': { ...client, means: 'neither a client assertion nor a client certificate was sent' },
  'client.several_methods': {
    error: 'invalid_request',
    status: 400,
    says: 'one client authentication method is required',
    means: 'more than one way to authenticate the client was used in one request',
  },
  'client.secret_refused': { ...client, means: 'a client secret was sent; shared secrets do not exist here' },
  'client.unknown': { ...client, means: 'no client of this id is registered and enabled' },
  'client.malformed_assertion': { ...client, means: 'the client assertion is not a strict compact JWS' },
  'client.wrong_kind': { ...client, means: 'the JWT is of another kind than a client assertion' },
  'client.wrong_issuer': { ...client, means: 'iss, sub and client_id do not all name the client' },
  'client.wrong_audience': { ...client, means: 'the assertion is not addressed to this issuer alone' },
  'client.wrong_time': { ...client, means: 'the assertion is expired, not yet valid or valid for too long' },
  'client.bad_jti': { ...client, means: 'jti is missing or not a string of 1 to 256 characters' },
  'client.bad_signature': { ...client, means: 'no registered key of the client verifies the assertion' },
  ...VOUCHER_REFUSALS,
  ...BEARER_REFUSALS,
  'client.replayed': { ...client, means: 'the assertion was used before' },
  'client.revoked': {
    ...client,
    means:
      'the client was disabled, or it is a workload that was revoked, or of a revoked trust domain or platform',
  },
  'client.not_allowed': {
    error: 'unauthorized_client',
    status: 400,
    says: 'the client may not use this grant',
    means: 'the client may not exchange, or not with this identity provider',
  },
  ...SUBJECT_REFUSALS,
  ...ACTING_REFUSALS,
  ...ASSERTION_REFUSALS,
  'device.proof_missing': {
    ...proof,
    means: 'the operation, or the way the client authenticates, needs a DPoP proof and none was sent',
  },
  'device.several_proofs': { ...proof, means: 'more than one DPoP proof was sent' },
  'device.malformed_proof': {
    ...proof,
    means: 'the DPoP proof is not a strict compact JWS with a public jwk',
  },
  'device.wrong_kind': { ...proof, means: 'typ of the DPoP proof is not dpop+jwt' },
  'device.wrong_request': { ...proof, means: 'htm or htu of the DPoP proof name another request' },
  'device.wrong_time': { ...proof, means: 'iat of the DPoP proof is too old, in the future or missing' },
  'device.bad_claims': { ...proof, means: 'a claim of the DPoP proof is missing or not of its shape' },
  'device.bad_signature': { ...proof, means: 'the key in the DPoP proof does not verify it' },
  'device.replayed': { ...proof, means: 'the DPoP proof was used before' },
  'device.revoked': {
    error: 'invalid_request',
    status: 400,
    says: 'the device was not accepted',
    means: 'the device is disabled, not compliant, or was cut off by an event',
  },
  'device.nonce_required': { ...nonce, means: 'the DPoP proof carries no nonce; the answer hands one out' },
  'device.nonce_refused': {
    ...nonce,
    means: 'the nonce is forged, expired, of another client or of a dead ledger',
  },
  'context.malformed': {
    error: 'invalid_request',
    status: 400,
    says: 'request_context was not accepted',
    means: 'request_context is not a small JSON object of the registered attributes',
  },
  'resource.missing': { ...target, means: 'resource is missing; one is required' },
  'resource.several': {
    ...target,
    means: 'more than one resource was asked for, or an audience that is not the resource',
  },
  'resource.malformed': { ...target, means: 'resource is not an absolute URI without fragment and userinfo' },
  'resource.unknown': {
    ...target,
    means: 'no enabled resource server has this identifier, or not for this client',
  },
  'resource.foreign_target': { ...target, means: 'target_uri is on another host than the resource' },
  'operation.missing': { ...details, means: 'authorization_details are missing' },
  'operation.malformed': {
    ...details,
    means: 'authorization_details are not one closed http_operation object',
  },
  'operation.bad_uri': { ...details, means: 'target_uri has no canonical form or is not allowed here' },
  'operation.outside_resource': { ...details, means: 'target_uri does not lie below the resource' },
  'operation.not_in_catalog': { ...denied, means: 'no catalog operation of the resource server matches' },
  'operation.digest_required': {
    ...details,
    says: 'content_digest is required',
    means: 'policy demands a content digest and none was sent',
  },
  'operation.exact_required': {
    ...details,
    says: 'authorization_details are required',
    means: 'the operation was named by scope, and a policy looks at what only authorization_details tell',
  },
  'policy.denied': { ...denied, means: 'no policy permits the operation' },
  'policy.forbidden': { ...denied, means: 'a forbid policy applies' },
  'policy.failed': {
    ...denied,
    means: 'a policy could not be evaluated, so all of them were taken as a deny',
  },
  'policy.unsatisfiable': {
    ...denied,
    means: 'the obligations of the matching permits contradict each other',
  },
  'policy.step_up_acr': {
    ...stepUp,
    means: 'policy demands an authentication context that the subject lacks',
  },
  ...APPROVAL_REFUSALS,
  'policy.step_up_age': { ...stepUp, means: 'policy demands a more recent authentication' },
  'peek.not_allowed': {
    error: 'unauthorized_client',
    status: 400,
    says: 'the caller may not look at tokens',
    means: 'peek was asked for by somebody whose registration does not allow it; the token is untouched',
  },
  'gateway.unknown': {
    error: 'access_denied',
    status: 403,
    says: 'no gateway may ask from here',
    means:
      'the path names no resource server with a gateway, or the call came from another network than its own',
  },
  'gateway.malformed': {
    error: 'access_denied',
    status: 403,
    says: 'the question of the gateway is malformed',
    means: 'the gateway did not tell of the request in the headers of its dialect, each of them once',
  },
  'idempotency.conflict': {
    error: 'invalid_request',
    status: 422,
    says: 'the Idempotency-Key was used with other parameters',
    means: 'the token was spent under this key with other parameters',
  },
  'idempotency.malformed': {
    error: 'invalid_request',
    status: 400,
    says: 'Idempotency-Key was not accepted',
    means: 'Idempotency-Key is not one structured-field string of 1 to 128 characters',
  },
  ...EVENT_REFUSALS,
  ...LATER_REFUSALS,
  'broker.fault': {
    error: 'server_error',
    status: 500,
    says: 'the broker could not answer',
    means: 'a defect: nothing was issued and nothing was spent',
  },
} as const satisfies Record<string, RefusalRow>;

export type RefusalReason = keyof typeof REFUSALS;
