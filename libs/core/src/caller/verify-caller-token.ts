import type { CallerTokenSealer } from '../caller-token/caller-token.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import { sha256 } from '../shared/sha256.ts';
import type { CallerCredentials } from './caller-credentials.ts';
import type { CallerPorts, VerifiedCaller } from './verified-caller.ts';

interface CallerTokenPorts extends Pick<CallerPorts, 'clock' | 'trust'> {
  readonly callerTokens: Pick<CallerTokenSealer, 'unseal'>;
}

/** Credentials of somebody who shows a bearer token. */
export type BearerCredentials = Pick<CallerCredentials, 'clientId' | 'certificate'> & {
  readonly bearer: string;
};

/**
 * Proves which resource server asks, by a caller token that it was given for this. Nothing is verified but the seal,
 * and nothing is looked up but the registration, as it is now.
 *
 * In     credentials  the token as it was sent, and the certificate of the connection
 *        issuer       of the broker
 * Fails  bearer.malformed | bearer.unmatched | bearer.wrong_time | bearer.outdated | bearer.wrong_certificate; Unavailable
 * Spec   RFC 7662 §2.1; RFC 6750 §3.1; RFC 8705 §3
 */
export async function verifyCallerToken(
  { clock, trust, callerTokens }: CallerTokenPorts,
  { bearer, clientId: named, certificate }: BearerCredentials,
  issuer: string,
): Promise<VerifiedCaller> {
  const unsealed = await callerTokens.unseal(bearer);
  if ('refused' in unsealed) throw new OAuthError('bearer.malformed', unsealed.refused);
  const { iss, client_id: clientId, version, exp, cnf } = unsealed.opened;
  if (iss !== issuer) throw new OAuthError('bearer.malformed', 'another issuer');
  if (named !== null && named !== clientId) throw new OAuthError('bearer.unmatched', 'client_id is another');
  if (clock.now() >= exp * 1000) throw new OAuthError('bearer.wrong_time', clientId);
  const registration = trust.current().caller(clientId);
  if (registration?.kind !== 'resource_server' || registration.version !== version) {
    throw new OAuthError('bearer.outdated', clientId);
  }
  if (cnf !== undefined && cnf['x5t#S256'] !== thumbprintOf(certificate)) {
    throw new OAuthError('bearer.wrong_certificate', clientId);
  }
  return {
    registration,
    method: 'caller_token',
    claim: null,
    workload: null,
    certificate: null,
    instanceKey: null,
    attestedPosture: null,
  };
}

function thumbprintOf(certificate: CallerCredentials['certificate']): string | null {
  return certificate === null ? null : sha256(certificate.der).toString('base64url');
}
