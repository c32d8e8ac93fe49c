import { OAuthError } from '../errors/oauth-error.ts';
import { readCompactJws } from '../jwt/compact-jws.ts';
import { isOfKind } from '../jwt/jwt-kind.ts';
import { candidateKeys } from '../keys/public-key.ts';
import { readTransactionClaims } from './transaction-claims.ts';
import type { TransactionClaims } from './transaction-token.ts';
import type { TransactionPorts } from './transaction.ports.ts';

/** What verifying needs; the keys are our own, and nobody is asked for them. */
export interface TransactionVerifierPorts extends Pick<TransactionPorts, 'identity' | 'signatures'> {
  readonly signer: Pick<TransactionPorts['signer'], 'publicKeys'>;
}

/**
 * Proves that a transaction token is one of ours. Whether it is over, and what it stands on, is for the caller to see to.
 *
 * INVARIANT: the signature is by a key of ours over a token of this kind, so that its claims are as we made them.
 *
 * Fails  txn.unknown_token; Unavailable
 */
export function verifyTransactionToken(
  { signer, signatures, identity }: TransactionVerifierPorts,
  token: string,
): TransactionClaims {
  const jws = readCompactJws(token);
  if (jws === null || !isOfKind(jws.typ, 'transaction_token')) {
    throw new OAuthError('txn.unknown_token', 'not a transaction token');
  }
  const keys = candidateKeys(signer.publicKeys(), { kid: jws.kid, alg: 'ES256' });
  const isOurs = jws.alg === 'ES256' && keys.some((key) => signatures.verify(jws, key, 'ES256'));
  const claims = isOurs ? readTransactionClaims(jws.payload) : null;
  if (claims === null || claims.iss !== identity.issuer || claims.aud !== identity.issuer) {
    throw new OAuthError('txn.unknown_token', 'not one of ours');
  }
  return claims;
}
