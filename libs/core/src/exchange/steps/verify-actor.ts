import { OAuthError } from '../../errors/oauth-error.ts';
import type { ClientRegistration } from '../../registry/registrations.ts';
import type { EpochSeconds } from '../../shared/clock.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { actAfter, isSameParty, type Act, type Party } from '../../token/act.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import { readIdToken, verifyIdToken } from '../verify-id-token.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';
import type { VerifiedSubject } from './verify-subject.ts';

export type VerifiedActor = Evidence<
  'VerifiedActor',
  {
    /** Who acts now, and inside who acted before; null when the subject acts. */
    act: Act | null;
    /** Thumbprint of the key that the actor's token is bound to; null when it is bound to none. */
    boundKey: string | null;
    /** The actor token's own end; null when there is none. */
    expiresAt: EpochSeconds | null;
    /** When the actor signed in, as far as its token tells; null when there is none. */
    signedInAt: EpochSeconds | null;
  }
>;

/**
 * Proves who acts for the subject: somebody whom the subject token's `may_act` names or, where it has none, whom the
 * client is registered to act as. A subject token that speaks of an actor, of now or of before, is worth nothing
 * without the actor's own token.
 *
 * In     actorToken  compact JWS, unread; null when none was sent
 *        client      evidence from `authenticateClient`
 *        subject     evidence from `verifySubject`, with `act` and `may_act` as its token has them
 * Out    VerifiedActor
 * Fails  actor.* ; client.not_allowed when the client may not use this provider; Unavailable
 * Spec   RFC 8693 §2.1, §4.1, §4.4
 */
export async function verifyActor(
  ports: Pick<ExchangePorts, 'clock' | 'trust' | 'signatures' | 'issuerKeys'>,
  actorToken: string | null,
  { client, subject }: { client: AuthenticatedClient; subject: VerifiedSubject },
): Promise<VerifiedActor> {
  if (actorToken === null) {
    if (subject.act !== null || subject.mayAct !== null) throw new OAuthError('actor.missing');
    return attest<VerifiedActor>({ act: null, boundKey: null, expiresAt: null, signedInAt: null });
  }
  const token = readIdToken(actorToken, 'actor');
  const { iss } = token.jws.payload;
  const provider = typeof iss === 'string' ? ports.trust.current().identityProvider(iss) : null;
  if (provider === null) throw new OAuthError('actor.unknown_issuer', typeof iss === 'string' ? iss : null);
  const audiences = audiencesFor(client.registration, provider.id);
  if (audiences.length === 0) throw new OAuthError('client.not_allowed', provider.id);

  const claims = await verifyIdToken(ports, token, { provider, audiences });
  // Whoever acts speaks for themselves: a token of somebody else's making does not say who is here now.
  if (claims.act !== null || claims.mayAct !== null)
    throw new OAuthError('actor.bad_claims', 'act or may_act');
  const party = { iss: provider.issuer, sub: claims.subject };
  const named = client.registration.actors.get(provider.id)?.subjects;
  const mayAct = subject.mayAct === null ? named?.has(party.sub) : isSameParty(subject.mayAct, party);
  if (mayAct !== true) throw new OAuthError('actor.not_allowed', party.sub);
  return attest<VerifiedActor>({
    act: chainOf(subject.act, party),
    boundKey: claims.boundKey,
    expiresAt: claims.expiresAt,
    signedInAt: claims.signedInAt,
  });
}

function audiencesFor(
  { identityProviders, actors }: ClientRegistration,
  providerId: string,
): readonly string[] {
  return [...(identityProviders.get(providerId) ?? []), ...(actors.get(providerId)?.audiences ?? [])];
}

/** Who acted last and acts again is named once. */
function chainOf(before: Act | null, party: Party): Act {
  if (before === null) return party;
  const act = isSameParty(before, party) ? before : actAfter(before, party);
  if (act === null) throw new OAuthError('actor.bad_chain');
  return act;
}
