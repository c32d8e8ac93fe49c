import { OAuthError } from '../../errors/oauth-error.ts';
import { readCompactJws, type CompactJws } from '../../jwt/compact-jws.ts';
import { isAlive, readAudiences, readLifetime } from '../../jwt/claims.ts';
import { isOfKind } from '../../jwt/jwt-kind.ts';
import { readAlgorithm } from '../../keys/jws-algorithm.ts';
import { candidateKeys } from '../../keys/public-key.ts';
import type { IdentityProviderRegistration } from '../../registry/registrations.ts';
import type { EpochMs, EpochSeconds } from '../../shared/clock.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import { readIdTokenClaims, type IdTokenClaims } from '../id-token-claims.ts';
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
  const jws = readCompactJws(subjectToken);
  if (jws === null) throw new OAuthError('subject.malformed');
  const isBound = isOfKind(jws.typ, 'key_bound_id_token');
  if (!isBound && !isOfKind(jws.typ, 'id_token')) throw new OAuthError('subject.wrong_kind', jws.typ);
  // Logout tokens and security events are signed by the same provider and are no proof of a sign-in.
  if ('events' in jws.payload) throw new OAuthError('subject.wrong_kind', 'it carries events');

  const { iss } = jws.payload;
  const provider = typeof iss === 'string' ? ports.trust.current().identityProvider(iss) : null;
  if (provider === null) throw new OAuthError('subject.unknown_issuer', typeof iss === 'string' ? iss : null);
  const audiences = client.registration.identityProviders.get(provider.id);
  if (audiences === undefined) throw new OAuthError('client.not_allowed', provider.id);

  await checkSignature(ports, jws, provider);
  checkAudience(jws, audiences);
  const expiresAt = checkLifetime(jws, provider, ports.clock.now());
  const claims = readIdTokenClaims(jws.payload, provider);
  if (claims === null) throw new OAuthError('subject.bad_claims');
  if (isBound && claims.boundKey === null) throw new OAuthError('subject.bad_claims', 'cnf is missing');
  return attest<VerifiedSubject>({ ...claims, issuer: provider.issuer, expiresAt });
}

async function checkSignature(
  { signatures, issuerKeys }: Pick<ExchangePorts, 'signatures' | 'issuerKeys'>,
  jws: CompactJws,
  provider: IdentityProviderRegistration,
): Promise<void> {
  const alg = readAlgorithm(jws.alg, provider.algorithms);
  if (alg === null) throw new OAuthError('subject.bad_signature', `alg ${jws.alg}`);
  const keys = candidateKeys(await issuerKeys.of(provider, jws.kid), { kid: jws.kid, alg });
  if (!keys.some((key) => signatures.verify(jws, key, alg))) throw new OAuthError('subject.bad_signature');
}

/** Made for this client: no audience that is not trusted, and the authorized party where there are several. */
function checkAudience(jws: CompactJws, accepted: readonly string[]): void {
  const audiences = readAudiences(jws.payload['aud']);
  const { azp } = jws.payload;
  const isTrusted = (party: unknown): boolean => typeof party === 'string' && accepted.includes(party);
  if (audiences === null || !audiences.every(isTrusted)) throw new OAuthError('subject.wrong_audience');
  if (azp === undefined ? audiences.length > 1 : !isTrusted(azp)) {
    throw new OAuthError('subject.wrong_audience', 'azp');
  }
}

function checkLifetime(jws: CompactJws, provider: IdentityProviderRegistration, now: EpochMs): EpochSeconds {
  const lifetime = readLifetime(jws.payload);
  if (lifetime === null || lifetime.exp === null || lifetime.iat === null || !isAlive(lifetime, now)) {
    throw new OAuthError('subject.wrong_time');
  }
  if (now / 1000 - lifetime.iat > provider.maxAgeSeconds)
    throw new OAuthError('subject.wrong_time', 'too old');
  // What is issued for it has to live for a whole second at least, and not past it.
  if (lifetime.exp - now / 1000 < 1) throw new OAuthError('subject.wrong_time', 'expires within the second');
  return lifetime.exp;
}
