const client = { error: 'invalid_client', status: 401, says: 'client authentication failed' } as const;

/** What is wrong with clients that prove themselves otherwise than by an assertion of their own. Key: audit log. Row: wire. */
export const VOUCHER_REFUSALS = {
  'client.wrong_method': {
    ...client,
    means: 'the client is registered with another way to authenticate than the one that was used',
  },
  'client.unmatched': {
    ...client,
    means:
      'no client is registered whose rules the claims of the assertion fulfil, or that has the certificate',
  },
  'client.bad_attestation': {
    ...client,
    means:
      'the client attestation is of another attester, names no public key, no proof of that key came with it, or its posture cannot be read',
  },
  'client.other_key': {
    ...client,
    means: 'the DPoP proof was made with another key than the one that the client attestation names',
  },
  'client.bad_certificate': {
    ...client,
    means:
      'the certificate is not in force, not one of a client, revoked, or does not lead to the authority of the client',
  },
  'client.ambiguous': {
    ...client,
    means: 'several clients fit the credentials, and no client_id says which of them calls',
  },
  'client.key_needed': {
    error: 'unauthorized_client',
    status: 400,
    says: 'the client may not use this grant',
    means:
      'a resource server that its platform vouches for may introspect; for more it needs a key or a certificate of its own',
  },
} as const;
