export interface RefusalRow {
  readonly status: 400 | 401 | 403 | 413 | 503;
  readonly error: string;
  /** `error_description`; characters of RFC 6750 §3 only. */
  readonly says: string;
}

const invalidRequest = { status: 400, error: 'invalid_request' } as const;
const invalidToken = { status: 401, error: 'invalid_token' } as const;

/** Every way in which a guard refuses a request, and all that a caller may read about it. */
export const REFUSALS = {
  no_credentials: { status: 401, error: 'unauthorized', says: 'a one-time token is required' },
  token_in_query: { ...invalidRequest, says: 'a token does not belong into the URL' },
  several_credentials: { ...invalidRequest, says: 'one way to present one token is required' },
  malformed_credentials: { ...invalidRequest, says: 'the Authorization header is malformed' },
  several_content_types: { ...invalidRequest, says: 'one Content-Type is required' },
  bad_target: { ...invalidRequest, says: 'the request target is not acceptable' },
  bad_host: { ...invalidRequest, says: 'one well-formed Host is required' },
  other_host: { ...invalidRequest, says: 'the request is for another host' },
  body_too_large: { status: 413, error: 'invalid_request', says: 'the body is too large' },
  bearer_refused: { ...invalidToken, says: 'a token bound to a key is required' },
  proof_missing: { status: 401, error: 'invalid_dpop_proof', says: 'a DPoP proof is required' },
  proof_malformed: { status: 401, error: 'invalid_dpop_proof', says: 'the DPoP proof is malformed' },
  inactive: { ...invalidToken, says: 'the token does not permit this request now' },
  other_certificate: { ...invalidToken, says: 'the token is bound to another certificate' },
  scheme_mismatch: { ...invalidToken, says: 'the token does not go with this scheme' },
  other_operation: {
    status: 403,
    error: 'insufficient_scope',
    says: 'the token is for another operation than this route',
  },
  step_up: {
    status: 401,
    error: 'insufficient_user_authentication',
    says: 'another or a more recent sign-in is required',
  },
  unavailable: { status: 503, error: 'temporarily_unavailable', says: 'the token cannot be checked now' },
} as const satisfies Record<string, RefusalRow>;

export type RefusalReason = keyof typeof REFUSALS;
