import type { Claim } from '../../audit/journal.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { ExchangeRequest } from '../exchange-request.ts';
import { readIdJag, type AssertedLimits } from '../id-jag.ts';
import { readIdToken, verifyIdToken, type VerifiedIdToken } from '../verify-id-token.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';

export type VerifiedSubject = Evidence<
  'VerifiedSubject',
  /** Nothing that is issued lives past `expiresAt`. */
  VerifiedIdToken & {
    issuer: string;
    as: 'subject' | 'assertion';
    /** Of an identity assertion, which may be used once; it has still to be settled. */
    claim: Claim | null;
    /** How far an identity assertion goes; null for an ID token. */
    limits: AssertedLimits | null;
  }
>;

/**
 * Proves on whose behalf the client calls: an ID token of a registered provider, made for this client and nobody
 * else; or an identity assertion of such a provider, made for us and this client, and used once. Subjects of different issuers are different people, whatever their `sub`.
 *
 * In     request  the subject token or assertion, unread
 *        client   evidence from `authenticateClient`
 * Out    VerifiedSubject; groups carry the provider's prefix
 * Fails  subject.* | assertion.* ; client.not_allowed when the client may not use this provider; Unavailable
 * Spec   OpenID Connect Core §3.1.3.7; RFC 8693 §2.1; RFC 8725 §3; draft-ietf-oauth-identity-assertion-authz-grant
 */
export async function verifySubject(
  ports: Pick<ExchangePorts, 'clock' | 'identity' | 'trust' | 'signatures' | 'issuerKeys'>,
  { subjectToken, subjectTokenType }: Pick<ExchangeRequest, 'subjectToken' | 'subjectTokenType'>,
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
    return attest<VerifiedSubject>({ ...claims, issuer, as, claim: null, limits: null });
  }
  const claims = await verifyIdToken(ports, token, { provider, audiences: [ports.identity.issuer] });
  const { clientId } = client.registration;
  const asserted = readIdJag(token.jws.payload, {
    clientId,
    issuer,
    expiresAt: claims.expiresAt,
    now: ports.clock.now(),
  });
  return attest<VerifiedSubject>({ ...claims, ...asserted, issuer, as });
}
