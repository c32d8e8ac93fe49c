import type { Claim } from '../../audit/journal.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import {
  forgettableFrom,
  FUTURE_TOLERANCE_SECONDS,
  isAlive,
  readAudiences,
  readLifetime,
  readName,
} from '../../jwt/claims.ts';
import { readCompactJws, type CompactJws } from '../../jwt/compact-jws.ts';
import { isOfKind } from '../../jwt/jwt-kind.ts';
import { eventSourceOf } from '../../registry/event-source.ts';
import type { IdentityProviderRegistration } from '../../registry/registrations.ts';
import { isSignedBySource } from '../../security-event/is-signed-by-source.ts';
import type { SecurityEventPorts } from '../../security-event/security-event.ports.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';

export type AuthenticatedProvider = Evidence<
  'AuthenticatedProvider',
  { provider: IdentityProviderRegistration; claim: Claim }
>;

/** Longest life of a caller's token. */
const MAX_LIFE_SECONDS = 600;

/**
 * Proves which identity provider calls: by a token that it signed for this very endpoint, of a kind that is good for
 * nothing else, used once. Only those may call that are registered to send security events.
 *
 * In     authorizations  each `Authorization` header field as it came
 * Out    AuthenticatedProvider; its claim has still to be settled
 * Fails  revocation.not_authenticated; Unavailable when the provider's keys are not known
 * Spec   draft-parecki-oauth-global-token-revocation §2; RFC 7523 §3; RFC 8725 §3.11
 */
export async function authenticateProvider(
  ports: Pick<SecurityEventPorts, 'clock' | 'trust' | 'signatures' | 'issuerKeys' | 'identity'>,
  authorizations: readonly string[],
): Promise<AuthenticatedProvider> {
  const jws = readBearer(authorizations);
  const { iss } = jws.payload;
  const provider = typeof iss === 'string' ? ports.trust.current().identityProvider(iss) : null;
  const source = provider === null ? null : eventSourceOf(provider);
  if (provider === null || source === null) throw refused('iss');
  if (!(await isSignedBySource(ports, jws, source))) throw refused('the signature');
  const audiences = readAudiences(jws.payload['aud']);
  if (audiences?.length !== 1 || audiences[0] !== ports.identity.globalRevocationEndpoint) {
    throw refused('aud');
  }
  return attest<AuthenticatedProvider>({ provider, claim: claimOf(jws, provider, ports.clock.now()) });
}

function readBearer([authorization, another]: readonly string[]): CompactJws {
  if (authorization === undefined || another !== undefined) throw refused('the header');
  const text = /^Bearer +([A-Za-z0-9._-]+)$/i.exec(authorization)?.[1];
  const jws = text === undefined ? null : readCompactJws(text);
  if (jws === null) throw refused('the token');
  if (!isOfKind(jws.typ, 'global_revocation')) throw refused(`typ ${jws.typ}`);
  return jws;
}

function claimOf({ payload }: CompactJws, { issuer }: IdentityProviderRegistration, now: number): Claim {
  const lifetime = readLifetime(payload);
  if (lifetime === null || lifetime.exp === null || !isAlive(lifetime, now)) throw refused('its time');
  if (lifetime.exp > now / 1000 + MAX_LIFE_SECONDS + FUTURE_TOLERANCE_SECONDS) throw refused('its length');
  const id = readName(payload['jti']);
  if (id === null) throw refused('jti');
  const expiresAt = forgettableFrom(lifetime.exp);
  return { kind: 'global_revocation', owner: issuer, id, expiresAt, onReuse: 'revocation.replayed' };
}

function refused(detail: string): OAuthError {
  return new OAuthError('revocation.not_authenticated', detail);
}
