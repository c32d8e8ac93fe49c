import { OAuthError } from '../../errors/oauth-error.ts';
import type { IntrospectionPorts } from '../../introspection/introspection.ports.ts';
import type { ForwardAuthProfile } from '../../registry/forward-auth-profile.ts';
import type { ResourceServerRegistration } from '../../registry/registrations.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { isInNetwork } from '../../shared/ip-network.ts';
import type { ForwardAuthRequest } from '../forward-auth-request.ts';

export type RecognisedGateway = Evidence<
  'RecognisedGateway',
  { clientId: string; server: ResourceServerRegistration; profile: ForwardAuthProfile }
>;

/**
 * Finds out whose gateway asks: the path names the resource server, and the socket has to come out of one of the
 * networks that are registered for it. A header says nothing here, since callers of the gateway can send any.
 *
 * In     request  as it came
 * Out    RecognisedGateway
 * Fails  gateway.unknown; Unavailable
 */
export function recogniseGateway(
  { trust }: Pick<IntrospectionPorts, 'trust'>,
  { serverId, http: { ip } }: ForwardAuthRequest,
): RecognisedGateway {
  const server = trust.current().resourceServerNamed(serverId);
  const profile = server?.forwardAuth ?? null;
  if (server === null || profile === null)
    throw new OAuthError('gateway.unknown', `no gateway of ${serverId}`);
  if (ip === null || !profile.from.some((network) => isInNetwork(ip, network))) {
    throw new OAuthError('gateway.unknown', `another network than that of ${serverId}`);
  }
  return attest<RecognisedGateway>({ clientId: server.clientId, server, profile });
}
