const subject = { error: 'invalid_request', status: 400, says: 'subject_token was not accepted' } as const;

/** The ways in which a subject token is refused: RFC 8693 §2.2.2 makes every bad one `invalid_request`. */
export const SUBJECT_REFUSALS = {
  'subject.malformed': { ...subject, means: 'the subject token is not a strict compact JWS' },
  'subject.wrong_kind': {
    ...subject,
    means: 'the subject token is a JWT of another kind than its type says',
  },
  'subject.unknown_issuer': { ...subject, means: 'no enabled identity provider has this issuer' },
  'subject.wrong_audience': {
    ...subject,
    means:
      'the ID token was made for somebody else than this client, or the SVID for somebody else than this issuer alone',
  },
  'subject.wrong_time': {
    ...subject,
    means: 'the subject token is expired, not yet valid, older than allowed or valid for too long',
  },
  'subject.bad_claims': { ...subject, means: 'a claim of the subject token is missing or not of its shape' },
  'subject.bad_signature': {
    ...subject,
    means: 'no key of the identity provider, or of the trust domain, verifies the subject token',
  },
  'subject.key_bound': {
    ...subject,
    means: 'the subject token is bound to a key that did not sign the DPoP proof',
  },
  'subject.revoked': {
    ...subject,
    means: 'the sign-in, or the SVID, is older than a revocation of the subject, the session or the issuer',
  },
} as const;
