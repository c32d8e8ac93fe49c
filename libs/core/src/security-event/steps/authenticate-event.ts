import { OAuthError } from '../../errors/oauth-error.ts';
import { FUTURE_TOLERANCE_SECONDS } from '../../jwt/claims.ts';
import type { EventSource } from '../../registry/event-source.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { sha256 } from '../../shared/sha256.ts';
import { isSignedBySource } from '../is-signed-by-source.ts';
import type { EventDelivery, SecurityEventRequest } from '../security-event-request.ts';
import type { SecurityEventPorts } from '../security-event.ports.ts';
import { readSecurityEvent, type SecurityEvent } from '../security-event.ts';

export type AuthenticatedEvent = Evidence<
  'AuthenticatedEvent',
  { event: SecurityEvent; source: EventSource }
>;

/** Events that are older are refused, since nobody remembers whether they were taken before. */
export const MAX_EVENT_AGE_SECONDS = 30 * 86_400;

/**
 * Proves whose event it is and that it is for this broker: of somebody who was registered to send some, by the way that
 * it came and by its signature.
 *
 * In     request  the token, with how it was delivered
 * Out    AuthenticatedEvent; whether it was taken before has still to be settled
 * Fails  event.* ; Unavailable when the transmitter's keys are not known
 * Spec   RFC 8935 §2; RFC 8936 §2.4; SSF 1.0 §4.1; RFC 8417 §2.2
 */
export async function authenticateEvent(
  ports: Pick<SecurityEventPorts, 'clock' | 'trust' | 'signatures' | 'issuerKeys' | 'identity'>,
  request: SecurityEventRequest,
): Promise<AuthenticatedEvent> {
  const event = readSecurityEvent(request.token);
  const source = ports.trust.current().eventSource(event.issuer);
  if (source === null) throw new OAuthError('event.unknown_issuer', event.issuer);
  checkDelivery(event, request.delivery, source);
  if (!(await isSignedBySource(ports, event.jws, source))) {
    throw new OAuthError('event.bad_signature', `alg ${event.jws.alg}, kid ${event.jws.kid}`);
  }
  if (!event.audiences.includes(source.transmitter.audience ?? ports.identity.issuer)) {
    throw new OAuthError('event.wrong_audience');
  }
  const ageSeconds = ports.clock.now() / 1000 - event.iat;
  if (ageSeconds < -FUTURE_TOLERANCE_SECONDS || ageSeconds > MAX_EVENT_AGE_SECONDS) {
    throw new OAuthError('event.wrong_time', `age ${Math.round(ageSeconds)} s`);
  }
  return attest<AuthenticatedEvent>({ event, source });
}

function checkDelivery(event: SecurityEvent, delivery: EventDelivery, { transmitter }: EventSource): void {
  switch (delivery.by) {
    case 'push':
      if (isAuthorized(delivery.authorizations, transmitter.authorizationSha256)) return;
      throw new OAuthError('event.not_authenticated');
    case 'poll':
      // A stream has one issuer (SSF 1.0 §8.1.1), and whoever polls it is told each event by its name.
      if (event.issuer !== delivery.issuer) throw new OAuthError('event.unknown_issuer', 'of another stream');
      if (event.jti !== delivery.jti) throw new OAuthError('event.malformed', 'jti is another');
  }
}

/** Digests are compared: how far they agree says nothing about the header. */
function isAuthorized([authorization, another]: readonly string[], expected: string | null): boolean {
  if (expected === null) return true;
  if (authorization === undefined || another !== undefined) return false;
  return sha256(authorization).toString('hex') === expected;
}
