import type { CallerCredentials } from '../../caller/caller-credentials.ts';
import { verifyCaller } from '../../caller/verify-caller.ts';
import type { Claim } from '../../audit/journal.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { ClientRegistration } from '../../registry/registrations.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { ExchangePorts } from '../exchange.ports.ts';

export type AuthenticatedClient = Evidence<
  'AuthenticatedClient',
  { registration: ClientRegistration; claim: Claim }
>;

/**
 * Proves which client calls `/token`, by a key that it holds. There are no secrets to present.
 *
 * In     credentials  as read from the request
 * Out    AuthenticatedClient; its claim has still to be settled
 * Fails  client.* ; client.not_allowed for a caller that is no client; Unavailable
 * Spec   RFC 7523 §3; docs/protocol.md, client authentication
 */
export function authenticateClient(
  ports: Pick<ExchangePorts, 'clock' | 'trust' | 'signatures' | 'identity'>,
  credentials: CallerCredentials,
): AuthenticatedClient {
  const { issuer, tokenEndpoint } = ports.identity;
  const { registration, claim } = verifyCaller(ports, credentials, { issuer, endpoint: tokenEndpoint });
  if (registration.kind !== 'client') throw new OAuthError('client.not_allowed', registration.clientId);
  return attest<AuthenticatedClient>({ registration, claim });
}
