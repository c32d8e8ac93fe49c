import type { RecognisedGateway } from '../../forward-auth/steps/recognise-gateway.ts';
import type { ResourceServerRegistration } from '../../registry/registrations.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { Grant } from '../../token/grant.ts';
import { inactive, type Inactive } from '../inactive.ts';
import type { IntrospectionPorts } from '../introspection.ports.ts';
import type { AuthenticatedResourceServer } from './authenticate-resource-server.ts';

export type OpenedGrant = Evidence<'OpenedGrant', { grant: Grant; server: ResourceServerRegistration }>;

/**
 * Opens the seal. Only what this broker sealed, and nobody has changed since, comes out.
 *
 * In     token   as presented
 *        caller  evidence from `authenticateResourceServer` or `recogniseGateway`
 * Out    OpenedGrant, or Inactive: caller.not_a_resource_server | token.malformed | token.unknown_key |
 *        token.forged | token.foreign_issuer | token.expired
 * Fails  Unavailable when the key ring cannot be confirmed
 */
export async function openToken(
  { sealer, clock, identity }: Pick<IntrospectionPorts, 'sealer' | 'clock' | 'identity'>,
  token: string,
  { server }: AuthenticatedResourceServer | RecognisedGateway,
): Promise<OpenedGrant | Inactive> {
  if (server === null) return inactive('caller.not_a_resource_server');
  const unsealed = await sealer.unseal(token);
  if ('refused' in unsealed) return inactive(unsealed.refused);
  const { opened: grant } = unsealed;
  if (grant.iss !== identity.issuer) return inactive('token.foreign_issuer');
  // The ledger's clock decides in the end; this only spares it what is plainly over.
  if (clock.now() >= grant.exp * 1000) return inactive('token.expired');
  return attest<OpenedGrant>({ grant, server });
}
