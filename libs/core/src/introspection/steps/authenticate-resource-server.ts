import type { Claim } from '../../audit/journal.ts';
import type { CallerCredentials } from '../../caller/caller-credentials.ts';
import type { CallerPorts } from '../../caller/verified-caller.ts';
import { verifyCaller } from '../../caller/verify-caller.ts';
import type { AuthenticationMethod } from '../../registry/caller-authentication.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { ResourceServerRegistration } from '../../registry/registrations.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { IntrospectionPorts } from '../introspection.ports.ts';

export type AuthenticatedResourceServer = Evidence<
  'AuthenticatedResourceServer',
  {
    clientId: string;
    /** Null when the caller is a client: it is who it says, and may spend nothing. */
    server: ResourceServerRegistration | null;
    claim: Claim | null;
    method: AuthenticationMethod;
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
export async function authenticateResourceServer(
  ports: Pick<IntrospectionPorts, keyof CallerPorts | 'identity'>,
  credentials: CallerCredentials,
): Promise<AuthenticatedResourceServer> {
  const { issuer, introspectionEndpoint } = ports.identity;
  const { registration, method, claim, instanceKey } = await verifyCaller(ports, credentials, {
    issuer,
    endpoint: introspectionEndpoint,
  });
  // Here is no DPoP proof of the caller that could be the proof of its key.
  if (instanceKey !== null) throw new OAuthError('client.bad_attestation', 'no proof of its key');
  const server = registration.kind === 'resource_server' ? registration : null;
  return attest<AuthenticatedResourceServer>({ clientId: registration.clientId, server, method, claim });
}
