import { audited } from '../audit/audited.ts';
import type { RevocationRequest } from './revocation-request.ts';
import type { RevocationPorts } from './revocation.ports.ts';
import { authenticateRevoker } from './steps/authenticate-revoker.ts';
import { openOwnToken } from './steps/open-own-token.ts';
import { recordRevocation } from './steps/record-revocation.ts';

export type Revoke = (request: RevocationRequest) => Promise<void>;

/**
 * Takes back a token that a client does not need any more, or has lost. When the promise resolves the token is dead;
 * it resolves as well where there was nothing to revoke.
 *
 * Fails  OAuthError `client.*` (401); Unavailable when something did not answer
 */
export function revoke(ports: RevocationPorts): Revoke {
  return (request) =>
    audited(ports, 'token.revoke', async (trail) => {
      const client = await authenticateRevoker(ports, request.credentials);
      trail.saw({ callerId: client.clientId }, client.claim);

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
