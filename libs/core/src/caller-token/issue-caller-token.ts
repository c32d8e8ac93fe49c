import { audited } from '../audit/audited.ts';
import { authenticateWorkload } from '../transaction/steps/authenticate-workload.ts';
import { INTROSPECT_SCOPE } from './caller-token.ts';
import type { CallerTokenPorts } from './caller-token.ports.ts';
import type { CallerTokenRequest } from './caller-token-request.ts';
import { draftCallerToken } from './steps/draft-caller-token.ts';
import { recordCallerToken } from './steps/record-caller-token.ts';

/** What a resource server is given to introspect with. */
export interface IssuedCallerToken {
  readonly callerToken: string;
  readonly expiresInSeconds: number;
  readonly scope: string;
}

export type IssueCallerToken = (request: CallerTokenRequest) => Promise<IssuedCallerToken>;

/**
 * Trades one proof of who a resource server is for a token that says so for a minute, at the introspection endpoint
 * and nowhere else.
 *
 * Fails  OAuthError with the reason that is on record; Unavailable when something did not answer
 * Spec   RFC 6749 §4.4; RFC 7662 §2.1
 */
export function issueCallerToken(ports: CallerTokenPorts): IssueCallerToken {
  return (request) =>
    audited(ports, 'token.caller', async (trail) => {
      const workload = await authenticateWorkload(ports, request.credentials);
      trail.saw({ callerId: workload.server.clientId, callerMethod: workload.method }, workload.claim);

      const drafted = draftCallerToken(ports, request, workload);
      const { claims } = await recordCallerToken(ports, drafted, trail);
      return {
        callerToken: ports.callerTokens.seal(claims),
        expiresInSeconds: claims.exp - claims.iat,
        scope: INTROSPECT_SCOPE,
      };
    });
}
