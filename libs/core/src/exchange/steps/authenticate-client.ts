import type { CallerCredentials } from '../../caller/caller-credentials.ts';
import type { AttestedPosture, CallerPorts, VouchedWorkload } from '../../caller/verified-caller.ts';
import { verifyCaller } from '../../caller/verify-caller.ts';
import type { Claim } from '../../audit/journal.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { CallerMethod } from '../../registry/caller-authentication.ts';
import type { ClientRegistration } from '../../registry/registrations.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { ExchangePorts } from '../exchange.ports.ts';

export type AuthenticatedClient = Evidence<
  'AuthenticatedClient',
  {
    registration: ClientRegistration;
    method: CallerMethod;
    claim: Claim | null;
    workload: VouchedWorkload | null;
    /** `x5t#S256` of the certificate that it authenticated with; tokens are bound to it where no other key is proved. */
    certificate: string | null;
    /** What said who it is can be shown again, so that a proof of a key has to come with it. */
    mustProveKey: boolean;
    /** Thumbprint of the only key that this proof may be made with; null where any will do. */
    instanceKey: string | null;
    /** What its attester says of the device that has the attested key; null where it says nothing. */
    attestedPosture: AttestedPosture | null;
  }
>;

/**
 * Proves which client calls `/token`, by a key that it holds or by the word of the platform that it runs on. There are
 * no secrets to present.
 *
 * In     credentials  as read from the request
 * Out    AuthenticatedClient; its claim, if it has one, has still to be settled
 * Fails  client.* ; client.not_allowed for a caller that is no client; Unavailable
 * Spec   RFC 7523 §3; docs/protocol.md, client authentication
 */
export async function authenticateClient(
  ports: Pick<ExchangePorts, keyof CallerPorts | 'identity'>,
  credentials: CallerCredentials,
): Promise<AuthenticatedClient> {
  const { issuer, tokenEndpoint } = ports.identity;
  const caller = await verifyCaller(ports, credentials, {
    issuer,
    endpoint: tokenEndpoint,
    callers: 'client',
  });
  const { registration, method, claim, workload, certificate, instanceKey, attestedPosture } = caller;
  if (registration.kind !== 'client') throw new OAuthError('client.not_allowed', registration.clientId);
  return attest<AuthenticatedClient>({
    registration,
    method,
    claim,
    workload,
    certificate,
    mustProveKey: workload !== null || instanceKey !== null,
    instanceKey,
    attestedPosture,
  });
}
