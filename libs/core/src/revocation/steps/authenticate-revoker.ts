import type { Claim } from '../../audit/journal.ts';
import type { CallerCredentials } from '../../caller/caller-credentials.ts';
import type { CallerPorts } from '../../caller/verified-caller.ts';
import { verifyCaller } from '../../caller/verify-caller.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { RevocationPorts } from '../revocation.ports.ts';

export type AuthenticatedRevoker = Evidence<
  'AuthenticatedRevoker',
  { clientId: string; claim: Claim | null }
>;

/**
 * Proves which client wants its token back, as at `/token`.
 *
 * In     credentials  as read from the request
 * Out    AuthenticatedRevoker; its claim has still to be settled
 * Fails  client.* ; client.not_allowed for a caller that is no client; Unavailable
 * Spec   RFC 7009 §2.1; RFC 7523 §3
 */
export async function authenticateRevoker(
  ports: Pick<RevocationPorts, keyof CallerPorts | 'identity'>,
  credentials: CallerCredentials,
): Promise<AuthenticatedRevoker> {
  const { issuer, revocationEndpoint } = ports.identity;
  const caller = await verifyCaller(ports, credentials, {
    issuer,
    endpoint: revocationEndpoint,
    callers: 'client',
  });
  const { registration, claim, instanceKey } = caller;
  if (registration.kind !== 'client') throw new OAuthError('client.not_allowed', registration.clientId);
  // Here is no DPoP proof of the caller that could be the proof of its key.
  if (instanceKey !== null) throw new OAuthError('client.bad_attestation', 'no proof of its key');
  return attest<AuthenticatedRevoker>({ clientId: registration.clientId, claim });
}
