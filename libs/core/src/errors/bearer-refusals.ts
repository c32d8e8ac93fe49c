/** RFC 6750 §3.1. */
const bearer = { error: 'invalid_token', status: 401, says: 'the bearer token was not accepted' } as const;

/** What is wrong with a bearer token by which a resource server says who it is. Key: audit log. Row: wire. */
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
} as const;
