/**
 * Every way a token can be answered `{"active":false}`. The caller learns none of this: the key goes to the audit
 * log, where an opaque id from the `Oncekey-Reason-Id` header finds it (RFC 7662 §2.2).
 */
export const INACTIVITIES = {
  'caller.not_a_resource_server': 'the caller is a client, and only resource servers may spend',
  'token.missing': 'the request that a gateway asks about has no token',
  'token.ambiguous': 'the request that a gateway asks about has several tokens or proofs, or a malformed one',
  'token.malformed': 'the token is not one of ours by its form',
  'token.unknown_key': 'the token names a sealing key that is not, or no longer, in the key ring',
  'token.forged': 'the seal does not open: the token was made or changed by somebody else',
  'token.foreign_issuer': 'the token was sealed for another issuer',
  'token.foreign_client': 'the token was given to another client than the one that wants it revoked',
  'token.expired': 'the token is past its last second',
  'token.wrong_audience': 'the token is for another resource server',
  'token.wrong_method': 'the token permits another HTTP method',
  'token.wrong_uri': 'the token permits another URI, or the URI is not in canonical form',
  'token.wrong_digest': 'the body is not the one that the token permits, or it was not told',
  'token.wrong_content_type': 'the content type is not the one that the token permits',
  'token.binding_missing': 'the resource server must tell method, URI and proof, and did not',
  'token.proof_missing': 'the token is bound to a key and no proof of it, or no certificate, was forwarded',
  'token.wrong_certificate': 'the token is bound to another certificate than the one that was forwarded',
  'token.proof_refused': 'the forwarded DPoP proof is not one of this request, this token and this key',
  'token.already_spent': 'the token was used before: a replay',
  'token.killed': 'the token was presented wrongly three times and is dead',
  'token.peeked': 'the token was only looked at: nothing was spent, and nothing authorised',
  'token.revoked': 'the token was revoked, or its subject, session, device, client or identity provider was',
  'token.ledger_gone':
    'the ledger that could spend the token is another one, or has been restarted or replaced; the client exchanges again',
} as const;

export type InactiveReason = keyof typeof INACTIVITIES;
