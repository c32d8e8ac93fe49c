import type { Claim } from '../../audit/journal.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { TransactionClaims } from '../../transaction/transaction-token.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { ExchangeRequest } from '../exchange-request.ts';
import { readIdJag, type AssertedLimits } from '../id-jag.ts';
import { readIdToken, verifyIdToken, type VerifiedIdToken } from '../verify-id-token.ts';
import { verifyTransaction } from '../verify-transaction.ts';
import { verifyWorkload } from '../verify-workload.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';

export type VerifiedSubject = Evidence<
  'VerifiedSubject',
  /** Nothing that is issued lives past `expiresAt`. */
  VerifiedIdToken & {
    issuer: string;
    as: 'subject' | 'assertion';
    /** Of an identity assertion, which may be used once; it has still to be settled. */
    claim: Claim | null;
    /** How far an identity assertion goes; null for everything else. */
    limits: AssertedLimits | null;
    /** It can be shown again, so that a proof of a key has to come with it. */
    mustProveKey: boolean;
    /** The transaction that the caller works on; null where the subject itself is at work. */
    transaction: TransactionClaims | null;
  }
>;

type SubjectPorts = Pick<
  ExchangePorts,
  'clock' | 'identity' | 'trust' | 'signatures' | 'issuerKeys' | 'signer'
>;

const OF_A_SIGN_IN = { claim: null, limits: null, mustProveKey: false, transaction: null };

const SHOWN_AGAIN = { claim: null, limits: null, mustProveKey: true };

/**
 * Proves on whose behalf the client calls: an ID token of a registered provider, made for this client and nobody
 * else; an identity assertion of such a provider, made for us and this client, and used once; the SVID of a workload
 * that the client may present; or a transaction token of ours, where the client may trade those. Subjects of different
 * issuers are different, whatever their `sub`.
 *
 * In     request  the subject token or assertion, unread
 *        client   evidence from `authenticateClient`
 * Out    VerifiedSubject; groups carry the provider's prefix
 * Fails  subject.* | assertion.* | txn.unknown_token; client.not_allowed when the client may not use this provider, this
 *        workload or transaction tokens; Unavailable
 * Spec   OpenID Connect Core §3.1.3.7; RFC 8693 §2.1; RFC 8725 §3; draft-ietf-oauth-identity-assertion-authz-grant;
 *        SPIFFE JWT-SVID; draft-ietf-oauth-transaction-tokens
 */
export async function verifySubject(
  ports: SubjectPorts,
  { subjectToken, subjectTokenType }: Pick<ExchangeRequest, 'subjectToken' | 'subjectTokenType'>,
  client: AuthenticatedClient,
): Promise<VerifiedSubject> {
  const { registration } = client;
  switch (subjectTokenType) {
    case 'id_token':
    case 'id_jag':
      return verifySignIn(ports, { subjectToken, subjectTokenType }, client);
    case 'jwt': {
      const audience = ports.identity.issuer;
      const svid = { client: registration, as: 'subject' as const, audience, now: ports.clock.now() };
      const workload = await verifyWorkload(ports, subjectToken, svid);
      return attest<VerifiedSubject>({ as: 'subject', transaction: null, ...SHOWN_AGAIN, ...workload });
    }
    case 'txn_token': {
      const verified = verifyTransaction(ports, subjectToken, registration);
      return attest<VerifiedSubject>({ as: 'subject', ...SHOWN_AGAIN, ...verified });
    }
  }
}

async function verifySignIn(
  ports: SubjectPorts,
  { subjectToken, subjectTokenType }: { subjectToken: string; subjectTokenType: 'id_token' | 'id_jag' },
  client: AuthenticatedClient,
): Promise<VerifiedSubject> {
  const as = subjectTokenType === 'id_jag' ? 'assertion' : 'subject';
  const token = readIdToken(subjectToken, as);
  const { iss } = token.jws.payload;
  const provider = typeof iss === 'string' ? ports.trust.current().identityProvider(iss) : null;
  if (provider === null) throw new OAuthError(`${as}.unknown_issuer`, typeof iss === 'string' ? iss : null);
  const audiences = client.registration.identityProviders.get(provider.id);
  if (audiences === undefined) throw new OAuthError('client.not_allowed', provider.id);

  const { issuer } = provider;
  if (as === 'subject') {
    const claims = await verifyIdToken(ports, token, { provider, audiences });
    return attest<VerifiedSubject>({ issuer, as, ...OF_A_SIGN_IN, ...claims });
  }
  const claims = await verifyIdToken(ports, token, { provider, audiences: [ports.identity.issuer] });
  const { clientId } = client.registration;
  const asserted = readIdJag(token.jws.payload, {
    clientId,
    issuer,
    expiresAt: claims.expiresAt,
    now: ports.clock.now(),
  });
  return attest<VerifiedSubject>({ issuer, as, ...OF_A_SIGN_IN, ...claims, ...asserted });
}
