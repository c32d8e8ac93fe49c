import { OAuthError } from '../errors/oauth-error.ts';
import { isAlive, readAudiences, readLifetime } from '../jwt/claims.ts';
import { readCompactJws, type CompactJws } from '../jwt/compact-jws.ts';
import { isOfKind } from '../jwt/jwt-kind.ts';
import { readAlgorithm } from '../keys/jws-algorithm.ts';
import { candidateKeys } from '../keys/public-key.ts';
import type { IdentityProviderRegistration } from '../registry/registrations.ts';
import type { EpochMs, EpochSeconds } from '../shared/clock.ts';
import type { ExchangePorts } from './exchange.ports.ts';
import { readIdTokenClaims, type IdTokenClaims } from './id-token-claims.ts';

/** A JWT that is an ID token by its looks, or an ID-JAG where that is asked for; nothing in it has been verified. */
export interface UnverifiedIdToken {
  readonly jws: CompactJws;
  /** It says that it is bound to a key. */
  readonly isBound: boolean;
  /** As what it came; refusals are `subject.*`, `actor.*` or `assertion.*`. */
  readonly as: 'subject' | 'actor' | 'assertion';
}

/** Whose word an ID token has to be, and for whom it has to be made. */
export interface ExpectedIdToken {
  readonly provider: IdentityProviderRegistration;
  readonly audiences: readonly string[];
}

/** What an ID token says, once its provider is known to have said it. */
export interface VerifiedIdToken extends IdTokenClaims {
  readonly expiresAt: EpochSeconds;
  /** When the user signed in, as far as the token tells: at `auth_time`, and at `iat` where there is none. */
  readonly signedInAt: EpochSeconds;
}

/** Fails  subject.malformed | subject.wrong_kind, or the same of the actor and of the assertion */
export function readIdToken(text: string, as: UnverifiedIdToken['as'] = 'subject'): UnverifiedIdToken {
  const jws = readCompactJws(text);
  if (jws === null) throw new OAuthError(`${as}.malformed`);
  const isBound = as !== 'assertion' && isOfKind(jws.typ, 'key_bound_id_token');
  if (!isBound && !isOfKind(jws.typ, as === 'assertion' ? 'id_jag' : 'id_token'))
    throw new OAuthError(`${as}.wrong_kind`, jws.typ);
  // Logout tokens and security events are signed by the same provider and are no proof of a sign-in.
  if ('events' in jws.payload) throw new OAuthError(`${as}.wrong_kind`, 'it carries events');
  return { jws, isBound, as };
}

/**
 * Verifies an ID token of one provider: signature, audience, time and claims. That its `iss` is the provider's is for
 * the caller to see to, who chose the provider by it.
 *
 * Fails  subject.*, actor.* or assertion.* ; Unavailable
 * Spec   OpenID Connect Core §3.1.3.7; RFC 8725 §3
 */
export async function verifyIdToken(
  ports: Pick<ExchangePorts, 'clock' | 'signatures' | 'issuerKeys'>,
  token: UnverifiedIdToken,
  { provider, audiences }: ExpectedIdToken,
): Promise<VerifiedIdToken> {
  const { jws, isBound, as } = token;
  await checkSignature(ports, token, provider);
  checkAudience(token, audiences);
  const { exp: expiresAt, iat } = checkLifetime(token, provider, ports.clock.now());
  const claims = readIdTokenClaims(jws.payload, provider);
  if (claims === null) throw new OAuthError(`${as}.bad_claims`);
  if (isBound && claims.boundKey === null) throw new OAuthError(`${as}.bad_claims`, 'cnf is missing');
  // An `auth_time` that lies after `iat` would outlive a revocation in between.
  return { expiresAt, signedInAt: Math.min(claims.authTime ?? iat, iat), ...claims };
}

async function checkSignature(
  { signatures, issuerKeys }: Pick<ExchangePorts, 'signatures' | 'issuerKeys'>,
  { jws, as }: UnverifiedIdToken,
  provider: IdentityProviderRegistration,
): Promise<void> {
  const alg = readAlgorithm(jws.alg, provider.algorithms);
  if (alg === null) throw new OAuthError(`${as}.bad_signature`, `alg ${jws.alg}`);
  const keys = candidateKeys(await issuerKeys.of(provider, jws.kid), { kid: jws.kid, alg });
  if (!keys.some((key) => signatures.verifyRepeated(jws, key, alg)))
    throw new OAuthError(`${as}.bad_signature`);
}

/** Made for this client: no audience that is not trusted, and the authorized party where there are several. */
function checkAudience({ jws, as }: UnverifiedIdToken, accepted: readonly string[]): void {
  const audiences = readAudiences(jws.payload['aud']);
  const { azp } = jws.payload;
  const isTrusted = (party: unknown): boolean => typeof party === 'string' && accepted.includes(party);
  if (audiences === null || !audiences.every(isTrusted)) throw new OAuthError(`${as}.wrong_audience`);
  if (azp === undefined ? audiences.length > 1 : !isTrusted(azp)) {
    throw new OAuthError(`${as}.wrong_audience`, 'azp');
  }
}

function checkLifetime(
  { jws, as }: UnverifiedIdToken,
  provider: IdentityProviderRegistration,
  now: EpochMs,
): { exp: EpochSeconds; iat: EpochSeconds } {
  const lifetime = readLifetime(jws.payload);
  if (lifetime === null || lifetime.exp === null || lifetime.iat === null || !isAlive(lifetime, now)) {
    throw new OAuthError(`${as}.wrong_time`);
  }
  if (now / 1000 - lifetime.iat > provider.maxAgeSeconds) throw new OAuthError(`${as}.wrong_time`, 'too old');
  // What is issued for it has to live for a whole second at least, and not past it.
  if (lifetime.exp - now / 1000 < 1) throw new OAuthError(`${as}.wrong_time`, 'expires within the second');
  return { exp: lifetime.exp, iat: lifetime.iat };
}
