import type { Claim } from '../../audit/journal.ts';
import type { CallerCredentials } from '../../caller/caller-credentials.ts';
import { verifyBearer, type BearerPorts } from '../../caller/verify-bearer.ts';
import type { VouchedWorkload } from '../../caller/verified-caller.ts';
import { verifyCaller } from '../../caller/verify-caller.ts';
import type { CallerMethod } from '../../registry/caller-authentication.ts';
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
    method: CallerMethod;
    workload: VouchedWorkload | null;
  }
>;

/**
 * Proves which resource server asks. The only step of an introspection that answers 401.
 *
 * In     credentials  as read from the request
 * Out    AuthenticatedResourceServer; its claim has still to be settled
 * Fails  client.* | bearer.* | quota.exceeded; HeldBack; Unavailable
 * Spec   RFC 7662 §2.1; RFC 7523 §3; RFC 6750 §3
 */
export async function authenticateResourceServer(
  ports: Pick<IntrospectionPorts, keyof BearerPorts | 'identity'>,
  credentials: CallerCredentials,
): Promise<AuthenticatedResourceServer> {
  const { issuer, introspectionEndpoint: endpoint } = ports.identity;
  const audience = { issuer, endpoint, callers: 'resource_server' } as const;
  const { bearer } = credentials;
  const caller =
    bearer === null
      ? await verifyCaller(ports, credentials, audience)
      : await verifyBearer(
          ports,
          { bearer, clientId: credentials.clientId, certificate: credentials.certificate },
          audience,
        );
  const { registration, method, claim, workload, instanceKey } = caller;
  if (bearer !== null) ports.quotas.charge(credentials.source, registration);
  // Here is no DPoP proof of the caller that could be the proof of its key.
  if (instanceKey !== null) throw new OAuthError('client.bad_attestation', 'no proof of its key');
  const server = registration.kind === 'resource_server' ? registration : null;
  const { clientId } = registration;
  return attest<AuthenticatedResourceServer>({ clientId, server, method, claim, workload });
}
