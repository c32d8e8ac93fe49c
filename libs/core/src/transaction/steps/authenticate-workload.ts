import type { Claim } from '../../audit/journal.ts';
import type { CallerCredentials } from '../../caller/caller-credentials.ts';
import type { CallerPorts } from '../../caller/verified-caller.ts';
import { verifyCaller } from '../../caller/verify-caller.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { CallerMethod } from '../../registry/caller-authentication.ts';
import type { ResourceServerRegistration } from '../../registry/registrations.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { TransactionPorts } from '../transaction.ports.ts';

export type AuthenticatedWorkload = Evidence<
  'AuthenticatedWorkload',
  {
    server: ResourceServerRegistration;
    method: CallerMethod;
    claim: Claim | null;
    /** `x5t#S256` of the certificate that it authenticated with; null where it did not. */
    certificate: string | null;
  }
>;

/**
 * Proves which resource server calls `/token`: for a transaction token, or for a caller token.
 *
 * In     credentials  as read from the request
 * Out    AuthenticatedWorkload; its claim has still to be settled
 * Fails  client.* ; client.not_allowed for a caller that is no resource server; client.key_needed; Unavailable
 * Spec   RFC 7523 §3
 */
export async function authenticateWorkload(
  ports: Pick<TransactionPorts, keyof CallerPorts | 'identity'>,
  credentials: CallerCredentials,
): Promise<AuthenticatedWorkload> {
  const { issuer, tokenEndpoint } = ports.identity;
  const caller = await verifyCaller(ports, credentials, {
    issuer,
    endpoint: tokenEndpoint,
    callers: 'resource_server',
  });
  const { registration, method, claim, certificate, workload } = caller;
  if (registration.kind !== 'resource_server') {
    throw new OAuthError('client.not_allowed', registration.clientId);
  }
  // What it showed can be shown by whoever has a copy, and what it would earn here goes further than its own introspections.
  if (workload !== null) throw new OAuthError('client.key_needed', registration.clientId);
  return attest<AuthenticatedWorkload>({ server: registration, method, claim, certificate });
}
