import { OAuthError } from '../../errors/oauth-error.ts';
import type { EpochSeconds } from '../../shared/clock.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { IdTokenClaims } from '../id-token-claims.ts';
import { readIdToken, verifyIdToken } from '../verify-id-token.ts';
import type { AuthenticatedClient } from './authenticate-client.ts';

export type VerifiedSubject = Evidence<
  'VerifiedSubject',
  IdTokenClaims & {
    issuer: string;
    /** The subject token's own end; nothing issued for it lives longer. */
    expiresAt: EpochSeconds;
  }
>;

/**
 * Proves on whose behalf the client calls: an ID token of a registered provider, made for this client and nobody
 * else. Subjects of different issuers are different people, whatever their `sub`.
 *
 * In     subjectToken  compact JWS, unread
 *        client        evidence from `authenticateClient`
 * Out    VerifiedSubject; groups carry the provider's prefix
 * Fails  subject.* ; client.not_allowed when the client may not use this provider; Unavailable
 * Spec   OpenID Connect Core §3.1.3.7; RFC 8693 §2.1; RFC 8725 §3
 */
export async function verifySubject(
  ports: Pick<ExchangePorts, 'clock' | 'trust' | 'signatures' | 'issuerKeys'>,
  subjectToken: string,
  client: AuthenticatedClient,
): Promise<VerifiedSubject> {
  const token = readIdToken(subjectToken);
  const { iss } = token.jws.payload;
  const provider = typeof iss === 'string' ? ports.trust.current().identityProvider(iss) : null;
  if (provider === null) throw new OAuthError('subject.unknown_issuer', typeof iss === 'string' ? iss : null);
  const audiences = client.registration.identityProviders.get(provider.id);
  if (audiences === undefined) throw new OAuthError('client.not_allowed', provider.id);

  const claims = await verifyIdToken(ports, token, { provider, audiences });
  return attest<VerifiedSubject>({ ...claims, issuer: provider.issuer });
}
