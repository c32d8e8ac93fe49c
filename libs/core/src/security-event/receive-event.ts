import { audited } from '../audit/audited.ts';
import type { SecurityEventRequest } from './security-event-request.ts';
import type { SecurityEventPorts } from './security-event.ports.ts';
import { authenticateEvent } from './steps/authenticate-event.ts';
import { recordEvent } from './steps/record-event.ts';
import { weighEvent } from './steps/weigh-event.ts';

export type ReceiveEvent = (request: SecurityEventRequest) => Promise<void>;

/**
 * Takes a security event. When the promise resolves all that it cuts off is dead, and stays so if it comes again.
 *
 * Fails  OAuthError `event.*`; Unavailable when something did not answer
 */
export function receiveEvent(ports: SecurityEventPorts): ReceiveEvent {
  return (request) =>
    audited(ports, 'security.event', async (trail) => {
      const authenticated = await authenticateEvent(ports, request);
      trail.saw({ callerId: authenticated.source.id });

      const weighed = weighEvent(authenticated);
      const [cutOff] = weighed.cutOffs;
      if (cutOff !== undefined) trail.saw({ cutOff: { kind: cutOff.kind, id: cutOff.id } });

      await recordEvent(ports, weighed, trail);
    });
}
