import type { Trail } from '../audit/trail.ts';
import type { ExchangePorts } from './exchange.ports.ts';
import type { ExchangeRequest } from './exchange-request.ts';
import type { AuthenticatedClient } from './steps/authenticate-client.ts';
import type { VerifiedActor } from './steps/verify-actor.ts';
import { verifyDevice, type VerifiedDevice } from './steps/verify-device.ts';
import type { VerifiedSubject } from './steps/verify-subject.ts';

interface Asked {
  readonly request: Pick<ExchangeRequest, 'credentials' | 'dpopProofs'>;
  readonly client: AuthenticatedClient;
  readonly subject: VerifiedSubject;
  readonly actor: VerifiedActor;
}

/**
 * Verifies the proof of a request, and puts its key on the trail. A client that anybody could name until it proved a
 * key is charged for the request only then.
 *
 * In     evidence as `verifyDevice` takes it
 * Fails  as `verifyDevice` does; quota.exceeded; HeldBack
 */
export function deviceOn(
  trail: Trail,
  ports: Omit<ExchangePorts, 'deferrals'>,
  { request: { credentials, dpopProofs }, ...parties }: Asked,
): VerifiedDevice {
  const { client } = parties;
  const device = verifyDevice(ports, dpopProofs, parties);
  trail.saw({ deviceKey: device.keyThumbprint }, device.claim);
  if (client.mustProveKey) ports.quotas.charge(credentials.source, client.registration);
  return device;
}
