/** RFC 6750 §3.1. */
const bearer = { error: 'invalid_token', status: 401, says: 'the bearer token was not accepted' } as const;

/** What is wrong with a bearer token by which a resource server says who it is, or with asking for one. Key: audit log. Row: wire. */
export const BEARER_REFUSALS = {
  'bearer.malformed': {
    ...bearer,
    means: 'the bearer token is no caller token of ours, or its seal does not open; and it is no JWT either',
  },
  'bearer.wrong_kind': {
    ...bearer,
    means: 'the JWT is of another kind than one that vouches for a workload',
  },
  'bearer.unmatched': {
    ...bearer,
    means:
      'no resource server is registered whose rules the claims of the JWT fulfil, or client_id names another',
  },
  'bearer.ambiguous': {
    ...bearer,
    means: 'several resource servers fit the JWT, and no client_id says which of them asks',
  },
  'bearer.bad_signature': { ...bearer, means: 'no key of whoever vouches for the workload verifies the JWT' },
  'bearer.wrong_audience': { ...bearer, means: 'the JWT is not made for this broker alone' },
  'bearer.wrong_time': {
    ...bearer,
    means: 'the bearer token is expired, or the JWT not yet valid or valid for too long',
  },
  'bearer.outdated': {
    ...bearer,
    means: 'the registration that the caller token was given to was changed, disabled or deleted since',
  },
  'bearer.wrong_certificate': {
    ...bearer,
    means: 'the caller token is bound to a certificate, and the connection was not made with it',
  },
  'bearer.not_given': {
    error: 'unauthorized_client',
    status: 400,
    says: 'the client may not use this grant',
    means: 'the registration of the resource server gives it no caller tokens',
  },
  'bearer.other_resource': {
    error: 'invalid_target',
    status: 400,
    says: 'resource was not accepted',
    means: 'a caller token is for the broker alone, which is named as its issuer',
  },
  'bearer.other_scope': {
    error: 'invalid_scope',
    status: 400,
    says: 'scope was not accepted',
    means: 'a caller token is to introspect, and for nothing else',
  },
} as const;
