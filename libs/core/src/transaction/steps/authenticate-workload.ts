import type { Claim } from '../../audit/journal.ts';
import type { CallerCredentials } from '../../caller/caller-credentials.ts';
import type { CallerPorts } from '../../caller/verified-caller.ts';
import { verifyCaller } from '../../caller/verify-caller.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { ResourceServerRegistration } from '../../registry/registrations.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { TransactionPorts } from '../transaction.ports.ts';

export type AuthenticatedWorkload = Evidence<
  'AuthenticatedWorkload',
  { server: ResourceServerRegistration; claim: Claim | null }
>;

/**
 * Proves which resource server asks for a transaction token.
 *
 * In     credentials  as read from the request
 * Out    AuthenticatedWorkload; its claim has still to be settled
 * Fails  client.* ; client.not_allowed for a caller that is no resource server; Unavailable
 * Spec   RFC 7523 §3
 */
export async function authenticateWorkload(
  ports: Pick<TransactionPorts, keyof CallerPorts | 'identity'>,
  credentials: CallerCredentials,
): Promise<AuthenticatedWorkload> {
  const { issuer, tokenEndpoint } = ports.identity;
  const { registration, claim } = await verifyCaller(ports, credentials, { issuer, endpoint: tokenEndpoint });
  if (registration.kind !== 'resource_server') {
    throw new OAuthError('client.not_allowed', registration.clientId);
  }
  return attest<AuthenticatedWorkload>({ server: registration, claim });
}
