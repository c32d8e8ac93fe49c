import { OAuthError } from '../../errors/oauth-error.ts';
import { toEpochSeconds } from '../../shared/clock.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { AuthenticatedWorkload } from '../../transaction/steps/authenticate-workload.ts';
import { CALLER_TOKEN_SECONDS, type CallerTokenClaims } from '../caller-token.ts';
import type { CallerTokenPorts } from '../caller-token.ports.ts';
import type { CallerTokenRequest } from '../caller-token-request.ts';

export type DraftedCallerToken = Evidence<'DraftedCallerToken', { claims: CallerTokenClaims }>;

/**
 * Writes down who may introspect, and for how long. A certificate that proved it has to be there each time; a key that
 * signed an assertion cannot be, so such a token is a bearer token, and only given where the registration says so.
 *
 * In     request   what it is to be for
 *        workload  evidence from `authenticateWorkload`
 * Out    DraftedCallerToken; lives for a minute at most
 * Fails  bearer.not_given | bearer.other_resource
 * Spec   RFC 8705 §3; RFC 8707 §2
 */
export function draftCallerToken(
  { clock, identity }: Pick<CallerTokenPorts, 'clock' | 'identity'>,
  { resources }: Pick<CallerTokenRequest, 'resources'>,
  { server, certificate }: AuthenticatedWorkload,
): DraftedCallerToken {
  if (!server.callerTokens) throw new OAuthError('bearer.not_given', server.clientId);
  const other = resources.find((resource) => resource !== identity.issuer);
  if (other !== undefined) throw new OAuthError('bearer.other_resource', other);
  const iat = toEpochSeconds(clock.now());
  const claims: CallerTokenClaims = {
    iss: identity.issuer,
    client_id: server.clientId,
    version: server.version,
    iat,
    exp: iat + CALLER_TOKEN_SECONDS,
    ...(certificate === null ? {} : { cnf: { 'x5t#S256': certificate } }),
  };
  return attest<DraftedCallerToken>({ claims });
}
