/** RFC 6750 §3.1. */
const bearer = { error: 'invalid_token', status: 401, says: 'the bearer token was not accepted' } as const;

/** What is wrong with a bearer token by which a resource server says who it is, or with asking for one. Key: audit log. Row: wire. */
export const BEARER_REFUSALS = {
  'bearer.malformed': {
    ...bearer,
    means: 'the bearer token is no caller token of ours, or its seal does not open',
  },
  'bearer.wrong_time': { ...bearer, means: 'the bearer token is expired' },
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
