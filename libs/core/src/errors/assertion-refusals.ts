/** RFC 7523 §3.1 has another error for a bad assertion than RFC 8693 has for a bad subject token. */
const assertion = { error: 'invalid_grant', status: 400, says: 'the assertion was not accepted' } as const;

/** The ways in which an identity assertion (ID-JAG) is refused as a grant. */
export const ASSERTION_REFUSALS = {
  'assertion.malformed': { ...assertion, means: 'the assertion is not a strict compact JWS' },
  'assertion.wrong_kind': { ...assertion, means: 'typ of the assertion is not oauth-id-jag+jwt' },
  'assertion.unknown_issuer': { ...assertion, means: 'no enabled identity provider has this issuer' },
  'assertion.wrong_audience': { ...assertion, means: 'the assertion is not made for this issuer alone' },
  'assertion.wrong_client': { ...assertion, means: 'the assertion was made for another client' },
  'assertion.wrong_time': {
    ...assertion,
    means: 'the assertion is expired, not yet valid, older than allowed or valid for too long',
  },
  'assertion.bad_claims': { ...assertion, means: 'a claim of the assertion is missing or not of its shape' },
  'assertion.bad_signature': {
    ...assertion,
    means: 'no key of the identity provider verifies the assertion',
  },
  'assertion.replayed': { ...assertion, means: 'the assertion was used before' },
  'assertion.key_bound': {
    ...assertion,
    means: 'the assertion is bound to a key that did not sign the DPoP proof',
  },
  'assertion.other_resource': {
    error: 'invalid_target',
    status: 400,
    says: 'resource was not accepted',
    means: 'the assertion allows other resources',
  },
  'assertion.other_scope': {
    error: 'invalid_scope',
    status: 400,
    says: 'scope was not accepted',
    means: 'the assertion allows other operations',
  },
  'assertion.other_operation': {
    error: 'invalid_authorization_details',
    status: 400,
    says: 'authorization_details were not accepted',
    means: 'the assertion allows another operation',
  },
} as const;
