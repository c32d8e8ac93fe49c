import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { RevocationPorts } from '../revocation.ports.ts';
import type { NotOwn, OwnGrant } from './open-own-token.ts';

/**
 * Cuts the token off and puts that on record, in one transaction. Where there is nothing to revoke, that is recorded.
 *
 * In     found  what `openOwnToken` came to
 *        trail  what the steps have seen, with the claim
 * Fails  client.replayed; Unavailable
 */
export async function recordRevocation(
  { ledger, journal }: Pick<RevocationPorts, 'ledger' | 'journal'>,
  found: OwnGrant | NotOwn,
  trail: Trail,
): Promise<void> {
  trail.close();
  const reused =
    'notOwn' in found
      ? (
          await journal.record({
            claims: trail.claims,
            describe: (heard) =>
              heard.reused === null
                ? trail.event('inactive', found.notOwn)
                : trail.event('refused', heard.reused.onReuse),
          })
        ).reused
      : await cutOff(ledger, found, trail);
  if (reused !== null) throw new OAuthError(reused.onReuse).withReasonId(trail.reasonId);
}

async function cutOff(ledger: RevocationPorts['ledger'], { grant }: OwnGrant, trail: Trail) {
  const verdict = await ledger.revoke(
    {
      source: grant.client_id,
      saidAt: null,
      event: null,
      cutOffs: [{ kind: 'token', id: grant.jti, change: { is: 'block' } }],
    },
    {
      claims: trail.claims,
      describe: (heard) =>
        heard.verdict === 'claim_reused'
          ? trail.event('refused', heard.reused.onReuse)
          : trail.event('revoked', null),
    },
  );
  return verdict.verdict === 'claim_reused' ? verdict.reused : null;
}
