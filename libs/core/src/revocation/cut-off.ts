import { isTrustDomainIssuer } from '../registry/spiffe-id.ts';
import type { EpochMs } from '../shared/clock.ts';
import type { Grant } from '../token/grant.ts';
import type { GrantWorkload } from '../token/grant-workload.ts';
import { issuedAt } from '../token/token-id.ts';

/**
 * What a token stands on: take one of them away, and it falls. `workload` and `workload_issuer`: as whom its client
 * authenticated, and whose word that was. A trust domain of SPIFFE stands where a user has an `identity_provider`.
 */
export type CutOffKind =
  | 'identity_provider'
  | 'subject'
  | 'email'
  | 'session'
  | 'device'
  | 'client'
  | 'workload'
  | 'workload_issuer'
  | 'token';

/** One thing, by the name under which it is cut off. Subjects, addresses, sessions and workloads are those of one issuer. */
export interface CutOffName {
  readonly kind: CutOffKind;
  readonly id: string;
}

/** A thing that a token stands on, and since when its word is good: a cut-off that is not before that kills it. */
export interface Reliance extends CutOffName {
  readonly since: EpochMs;
}

/**
 * What becomes of a cut-off.
 *
 * - `cut`    what was vouched for up to `upTo` is dead, and every token that there is; null: up to now
 * - `block`  everything is dead, until it is lifted
 * - `lift`   ends a block of the same source: what comes from now on lives, and nothing that was dead does again
 */
export type CutOffChange =
  { readonly is: 'cut'; readonly upTo: EpochMs | null } | { readonly is: 'block' } | { readonly is: 'lift' };

export interface CutOff extends CutOffName {
  readonly change: CutOffChange;
}

/** Parts are joined by a blank: no issuer has one in it. */
export function cutOffName(
  kind: 'subject' | 'email' | 'session' | 'workload',
  { issuer, name }: { issuer: string; name: string },
): CutOffName {
  return { kind, id: `${issuer} ${kind === 'email' ? name.toLowerCase() : name}` };
}

/** The members of a grant that say what it stands on. */
export type GrantRoots = Pick<
  Grant,
  | 'sub'
  | 'sub_iss'
  | 'email'
  | 'sid'
  | 'device'
  | 'client_id'
  | 'act'
  | 'signed_in'
  | 'act_signed_in'
  | 'transaction'
  | 'workload'
  | 'jti'
  | 'iat'
>;

/** Everything that a grant stands on. Sign-ins count from when they were made, whenever the token was. */
export function reliancesOf(grant: GrantRoots): readonly Reliance[] {
  const { sub_iss: issuer, sub, email, sid, device, client_id: clientId, jti } = grant;
  const signedIn = (grant.signed_in ?? grant.iat) * 1000;
  const issued = issuedAt(jti);
  return [
    { kind: 'identity_provider', id: issuer, since: isTrustDomainIssuer(issuer) ? signedIn : issued },
    { since: signedIn, ...cutOffName('subject', { issuer, name: sub }) },
    ...(email === undefined ? [] : [{ since: signedIn, ...cutOffName('email', { issuer, name: email }) }]),
    ...(sid === undefined ? [] : [{ since: signedIn, ...cutOffName('session', { issuer, name: sid }) }]),
    ...(device === undefined ? [] : [{ kind: 'device' as const, id: device, since: issued }]),
    ...actorReliances(grant, issued),
    ...transactionReliances(grant),
    ...workloadReliances(grant.workload),
    { kind: 'client', id: clientId, since: issued },
    { kind: 'token', id: jti, since: issued },
  ];
}

/** What a token stands on that was earned with a transaction token: the client, and the actor, of its beginning. */
function transactionReliances({ transaction, act, signed_in: signedIn }: GrantRoots): readonly Reliance[] {
  if (transaction === undefined || signedIn === undefined) return [];
  const since = signedIn * 1000;
  const before = act?.act;
  return [
    { kind: 'client', id: transaction.rctx.client_id, since },
    ...workloadReliances(transaction.rctx.workload),
    ...(before === undefined
      ? []
      : [
          { kind: 'identity_provider' as const, id: before.iss, since },
          { since, ...cutOffName('subject', { issuer: before.iss, name: before.sub }) },
        ]),
  ];
}

/** What a client stands on for whom its platform vouches. A word that does not say when it was given may be of any age. */
export function workloadReliances(workload: GrantWorkload | undefined): readonly Reliance[] {
  if (workload === undefined) return [];
  const { iss, sub, iat = 0 } = workload;
  return [
    { kind: 'workload_issuer', id: iss, since: iat * 1000 },
    { since: iat * 1000, ...cutOffName('workload', { issuer: iss, name: sub }) },
  ];
}

/** Who acts now may be revoked as anybody may. Who acted before is not here, and need not be any more. */
function actorReliances({ act, act_signed_in: signedIn }: GrantRoots, issued: EpochMs): readonly Reliance[] {
  if (act === undefined) return [];
  const since = signedIn === undefined ? issued : signedIn * 1000;
  return [
    { kind: 'identity_provider', id: act.iss, since: isTrustDomainIssuer(act.iss) ? since : issued },
    { since, ...cutOffName('subject', { issuer: act.iss, name: act.sub }) },
  ];
}
