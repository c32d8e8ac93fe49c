import { OAuthError } from '../../errors/oauth-error.ts';
import { FUTURE_TOLERANCE_SECONDS } from '../../jwt/claims.ts';
import type { EventTransmitter, IdentityProviderRegistration } from '../../registry/registrations.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { sha256 } from '../../shared/sha256.ts';
import { isSignedByProvider } from '../is-signed-by-provider.ts';
import type { SecurityEventRequest } from '../security-event-request.ts';
import type { SecurityEventPorts } from '../security-event.ports.ts';
import { readSecurityEvent, type SecurityEvent } from '../security-event.ts';

export type AuthenticatedEvent = Evidence<
  'AuthenticatedEvent',
  { event: SecurityEvent; provider: IdentityProviderRegistration; transmitter: EventTransmitter }
>;

/** Events that are older are refused, since nobody remembers whether they were taken before. */
export const MAX_EVENT_AGE_SECONDS = 30 * 86_400;

/**
 * Proves whose event it is and that it is for this broker: an identity provider that was registered to send some, by
 * the header that it was given and by its signature.
 *
 * In     request  the token as pushed, with the Authorization headers beside it
 * Out    AuthenticatedEvent; whether it was taken before has still to be settled
 * Fails  event.* ; Unavailable when the provider's keys are not known
 * Spec   RFC 8935 §2; SSF 1.0 §4.1; RFC 8417 §2.2
 */
export async function authenticateEvent(
  ports: Pick<SecurityEventPorts, 'clock' | 'trust' | 'signatures' | 'issuerKeys' | 'identity'>,
  request: SecurityEventRequest,
): Promise<AuthenticatedEvent> {
  const event = readSecurityEvent(request.token);
  const provider = ports.trust.current().identityProvider(event.issuer);
  const transmitter = provider?.events ?? null;
  if (provider === null || transmitter === null) throw new OAuthError('event.unknown_issuer', event.issuer);
  if (!isAuthorized(request.authorizations, transmitter)) throw new OAuthError('event.not_authenticated');
  if (!(await isSignedByProvider(ports, event.jws, provider))) {
    throw new OAuthError('event.bad_signature', `alg ${event.jws.alg}, kid ${event.jws.kid}`);
  }
  if (!event.audiences.includes(transmitter.audience ?? ports.identity.issuer)) {
    throw new OAuthError('event.wrong_audience');
  }
  const ageSeconds = ports.clock.now() / 1000 - event.iat;
  if (ageSeconds < -FUTURE_TOLERANCE_SECONDS || ageSeconds > MAX_EVENT_AGE_SECONDS) {
    throw new OAuthError('event.wrong_time', `age ${Math.round(ageSeconds)} s`);
  }
  return attest<AuthenticatedEvent>({ event, provider, transmitter });
}

/** Digests are compared: how far they agree says nothing about the header. */
function isAuthorized(
  [authorization, another]: readonly string[],
  { authorizationSha256 }: EventTransmitter,
): boolean {
  if (authorizationSha256 === null) return true;
  if (authorization === undefined || another !== undefined) return false;
  return sha256(authorization).toString('hex') === authorizationSha256;
}
