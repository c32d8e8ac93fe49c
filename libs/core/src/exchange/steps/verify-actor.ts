import { OAuthError } from '../../errors/oauth-error.ts';
import type { ClientRegistration } from '../../registry/registrations.ts';
import type { EpochSeconds } from '../../shared/clock.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { actAfter, isSameParty, type Act, type Party } from '../../token/act.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { ExchangeRequest } from '../exchange-request.ts';
import { readIdToken, verifyIdToken, type VerifiedIdToken } from '../verify-id-token.ts';
import { isSvid, verifyWorkload } from '../verify-workload.ts';
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
    /** Its token can be shown again, so that a proof of a key has to come with it. */
    mustProveKey: boolean;
  }
>;

type ActorPorts = Pick<ExchangePorts, 'clock' | 'identity' | 'trust' | 'signatures' | 'issuerKeys'>;

interface Acting {
  readonly client: AuthenticatedClient;
  readonly subject: VerifiedSubject;
}

/**
 * Proves who acts for the subject: somebody whom the subject token's `may_act` names or, where it has none, whom the
 * client is registered to act as. A subject token that speaks of an actor, of now or of before, is worth nothing
 * without the actor's own token. Who trades a transaction token acts as itself.
 *
 * In     request  the actor token, unread, and its type; null when none was sent
 *        client   evidence from `authenticateClient`
 *        subject  evidence from `verifySubject`, with `act` and `may_act` as its token has them
 * Out    VerifiedActor
 * Fails  actor.* ; client.not_allowed when the client may not use this provider or workload; Unavailable
 * Spec   RFC 8693 §2.1, §4.1, §4.4
 */
export async function verifyActor(
  ports: ActorPorts,
  { actorToken, actorTokenType }: Pick<ExchangeRequest, 'actorToken' | 'actorTokenType'>,
  { client, subject }: Acting,
): Promise<VerifiedActor> {
  if (subject.transaction !== null) {
    if (actorToken !== null) throw new OAuthError('actor.not_allowed', 'who trades a transaction token acts');
    const party = { iss: ports.identity.issuer, sub: client.registration.clientId };
    return attest<VerifiedActor>({ act: chainOf(subject.act, party), ...UNBOUND });
  }
  if (actorToken === null) {
    if (subject.act !== null || subject.mayAct !== null) throw new OAuthError('actor.missing');
    return attest<VerifiedActor>(NOBODY);
  }
  const { party, claims, isRegistered, mustProveKey } =
    actorTokenType === 'jwt' && isSvid(actorToken)
      ? await verifyActingWorkload(ports, actorToken, client)
      : await verifyActingUser(ports, actorToken, client);
  const mayAct = subject.mayAct === null ? isRegistered : isSameParty(subject.mayAct, party);
  if (!mayAct) throw new OAuthError('actor.not_allowed', party.sub);
  return attest<VerifiedActor>({
    act: chainOf(subject.act, party),
    boundKey: claims.boundKey,
    expiresAt: claims.expiresAt,
    signedInAt: claims.signedInAt,
    mustProveKey,
  });
}

const UNBOUND = { boundKey: null, expiresAt: null, signedInAt: null, mustProveKey: false };

const NOBODY = { act: null, ...UNBOUND };

interface ActingParty {
  readonly party: Party;
  readonly claims: VerifiedIdToken;
  /** The client is registered to act as this one, whatever a subject token says. */
  readonly isRegistered: boolean;
  readonly mustProveKey: boolean;
}

async function verifyActingUser(
  ports: ActorPorts,
  actorToken: string,
  { registration }: AuthenticatedClient,
): Promise<ActingParty> {
  const token = readIdToken(actorToken, 'actor');
  const { iss } = token.jws.payload;
  const provider = typeof iss === 'string' ? ports.trust.current().identityProvider(iss) : null;
  if (provider === null) throw new OAuthError('actor.unknown_issuer', typeof iss === 'string' ? iss : null);
  const audiences = audiencesFor(registration, provider.id);
  if (audiences.length === 0) throw new OAuthError('client.not_allowed', provider.id);

  const claims = await verifyIdToken(ports, token, { provider, audiences });
  // Whoever acts speaks for themselves: a token of somebody else's making does not say who is here now.
  if (claims.act !== null || claims.mayAct !== null)
    throw new OAuthError('actor.bad_claims', 'act or may_act');
  const party = { iss: provider.issuer, sub: claims.subject };
  const isRegistered = registration.actors.get(provider.id)?.subjects.has(party.sub) === true;
  return { party, claims, isRegistered, mustProveKey: false };
}

/** Workloads as which the client may not act are refused before their SVID is verified: its keys come with the right. */
async function verifyActingWorkload(
  ports: ActorPorts,
  actorToken: string,
  { registration }: AuthenticatedClient,
): Promise<ActingParty> {
  const claims = await verifyWorkload(ports, actorToken, {
    client: registration,
    as: 'actor',
    audience: ports.identity.issuer,
    now: ports.clock.now(),
  });
  const party = { iss: claims.issuer, sub: claims.subject };
  return { party, claims, isRegistered: true, mustProveKey: true };
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
