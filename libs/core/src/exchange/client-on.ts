import type { Trail } from '../audit/trail.ts';
import type { ExchangePorts } from './exchange.ports.ts';
import type { ExchangeRequest } from './exchange-request.ts';
import { authenticateClient, type AuthenticatedClient } from './steps/authenticate-client.ts';

/** Authenticates the client of a request, and puts on the trail who it is. Fails as `authenticateClient` does. */
export async function clientOn(
  trail: Trail,
  ports: Omit<ExchangePorts, 'deferrals'>,
  { credentials, observed }: Pick<ExchangeRequest, 'credentials' | 'observed'>,
): Promise<AuthenticatedClient> {
  const client = await authenticateClient(ports, credentials);
  const { registration, method, workload, claim } = client;
  trail.saw({ callerId: registration.clientId, callerMethod: method, ip: observed.ip }, claim);
  if (workload !== null) trail.saw({ workload: { issuer: workload.issuer, subject: workload.subject } });
  return client;
}
