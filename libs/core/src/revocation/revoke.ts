import { audited } from '../audit/audited.ts';
import { DEFERRAL_PREFIX } from '../deferral/deferral-code.ts';
import { factsOf } from '../deferral/told-by-deferral.ts';
import type { RevocationRequest } from './revocation-request.ts';
import type { RevocationPorts } from './revocation.ports.ts';
import { authenticateRevoker } from './steps/authenticate-revoker.ts';
import { findOwnDeferral } from './steps/find-own-deferral.ts';
import { openOwnToken } from './steps/open-own-token.ts';
import { recordCancellation } from './steps/record-cancellation.ts';
import { recordRevocation } from './steps/record-revocation.ts';

export type Revoke = (request: RevocationRequest) => Promise<void>;

/**
 * Takes back a token that a client does not need any more, or has lost; or what it has asked for and waits for. When
 * the promise resolves it is dead; it resolves as well where there was nothing to revoke.
 *
 * Fails  OAuthError `client.*` (401); Unavailable when something did not answer
 */
export function revoke(ports: RevocationPorts): Revoke {
  return (request) =>
    audited(ports, 'token.revoke', async (trail) => {
      const client = await authenticateRevoker(ports, request.credentials);
      trail.saw({ callerId: client.clientId }, client.claim);

      if (request.token.startsWith(DEFERRAL_PREFIX)) {
        const waiting = await findOwnDeferral(ports, request.token, client);
        if ('deferral' in waiting) trail.saw(factsOf(waiting.deferral));
        await recordCancellation(ports, waiting, trail);
        return;
      }
      const found = await openOwnToken(ports, request.token, client);
      if (found.grant !== null) {
        const { grant } = found;
        trail.saw({
          subject: { issuer: grant.sub_iss, subject: grant.sub },
          resource: grant.aud,
          tokenId: grant.jti,
        });
        trail.belongsTo(grant.txn);
      }
      await recordRevocation(ports, found, trail);
    });
}
