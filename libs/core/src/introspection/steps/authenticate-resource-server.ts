import type { Claim } from '../../audit/journal.ts';
import type { CallerCredentials } from '../../caller/caller-credentials.ts';
import { verifyCaller } from '../../caller/verify-caller.ts';
import type { ResourceServerRegistration } from '../../registry/registrations.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { IntrospectionPorts } from '../introspection.ports.ts';

export type AuthenticatedResourceServer = Evidence<
  'AuthenticatedResourceServer',
  {
    clientId: string;
    /** Null when the caller is a client: it is who it says, and may spend nothing. */
    server: ResourceServerRegistration | null;
    claim: Claim;
  }
>;

/**
 * Proves which resource server asks. The only step of an introspection that answers 401.
 *
 * In     credentials  as read from the request
 * Out    AuthenticatedResourceServer; its claim has still to be settled
 * Fails  client.* ; Unavailable
 * Spec   RFC 7662 §2.1; RFC 7523 §3
 */
export function authenticateResourceServer(
  ports: Pick<IntrospectionPorts, 'clock' | 'trust' | 'signatures' | 'identity'>,
  credentials: CallerCredentials,
): AuthenticatedResourceServer {
  const { issuer, introspectionEndpoint } = ports.identity;
  const { registration, claim } = verifyCaller(ports, credentials, {
    issuer,
    endpoint: introspectionEndpoint,
  });
  const server = registration.kind === 'resource_server' ? registration : null;
  return attest<AuthenticatedResourceServer>({ clientId: registration.clientId, server, claim });
}
