import { cutOffName, workloadReliances, type Reliance } from '../revocation/cut-off.ts';
import { subjectOfTransaction } from './transaction-claims.ts';
import type { TransactionClaims } from './transaction-token.ts';

/** Less is known of it than of the token that was spent: whom it is about, who asked, and when it was signed. */
export function reliancesOfTransaction(claims: TransactionClaims): readonly Reliance[] {
  const { act, iat, rctx } = claims;
  const since = iat * 1000;
  const { issuer, subject } = subjectOfTransaction(claims);
  const parties = [{ iss: issuer, sub: subject }, ...(act === undefined ? [] : [act])];
  return [
    { kind: 'client', id: rctx.client_id, since },
    ...workloadReliances(rctx.workload),
    ...parties.flatMap(({ iss, sub: name }) => [
      { kind: 'identity_provider' as const, id: iss, since },
      { since, ...cutOffName('subject', { issuer: iss, name }) },
    ]),
  ];
}
