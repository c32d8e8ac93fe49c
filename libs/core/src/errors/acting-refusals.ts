const subject = { error: 'invalid_request', status: 400, says: 'subject_token was not accepted' } as const;
const actor = { error: 'invalid_request', status: 400, says: 'actor_token was not accepted' } as const;
const asserted = {
  error: 'invalid_request',
  status: 400,
  says: 'request_details or request_context was not accepted',
} as const;

/**
 * The ways in which acting for somebody is refused, and saying so to services behind an API. RFC 8693 §2.2.2 makes
 * every bad actor token `invalid_request`, one that a policy turns away as well.
 */
export const ACTING_REFUSALS = {
  'actor.missing': {
    ...actor,
    says: 'actor_token is required',
    means: 'the subject token has act or may_act, and nobody who acts was named',
  },
  'actor.malformed': { ...actor, means: 'the actor token is not a strict compact JWS' },
  'actor.wrong_kind': { ...actor, means: 'the actor token is a JWT of another kind than its type says' },
  'actor.unknown_issuer': { ...actor, means: 'no enabled identity provider has this issuer' },
  'actor.wrong_audience': {
    ...actor,
    means:
      'the ID token was made for somebody else than this client, or the SVID for somebody else than this issuer alone',
  },
  'actor.wrong_time': {
    ...actor,
    means: 'the actor token is expired, not yet valid, older than allowed or valid for too long',
  },
  'actor.bad_claims': {
    ...actor,
    means: 'a claim of the actor token is missing or not of its shape, or it has act or may_act',
  },
  'actor.bad_signature': {
    ...actor,
    means: 'no key of the identity provider, or of the trust domain, verifies the actor token',
  },
  'actor.key_bound': {
    ...actor,
    means: 'the actor token is bound to a key that did not sign the DPoP proof',
  },
  'actor.not_allowed': {
    ...actor,
    means:
      'may_act of the subject token names another, or it has none and the client may not act as this one, or the subject token is a transaction token',
  },
  'actor.bad_chain': { ...actor, means: 'too many would act for one another, or one of them twice' },
  'txn.unknown_token': {
    ...subject,
    means: 'the token that was spent, or the transaction token, is not one of ours, or it is over',
  },
  'txn.not_spent_here': { ...subject, means: 'the caller did not spend this token, or nobody did' },
  'txn.chain_too_long': { ...subject, means: 'the transaction token was replaced too often' },
  'txn.malformed': {
    ...asserted,
    means: 'request_details or request_context is not a small JSON object',
  },
  'txn.widened': {
    ...asserted,
    means: 'a replacement would say something else, or more, than the transaction token does',
  },
  'txn.too_large': {
    ...asserted,
    means:
      'the transaction token, what is traded for one, or what a workload of a very long name asks for, would be too large to be read again',
  },
  'txn.wrong_audience': {
    error: 'invalid_target',
    status: 400,
    says: 'audience was not accepted',
    means: 'audience is not the trust domain, which is called as the issuer is',
  },
  'txn.wrong_scope': {
    error: 'invalid_scope',
    status: 400,
    says: 'scope was not accepted',
    means: 'scope is not the operation that was permitted',
  },
  'policy.actor_denied': { ...actor, means: 'the subject would be permitted, and this actor is not' },
} as const;
