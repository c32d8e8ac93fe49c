import type { Trail } from '../../audit/trail.ts';
import type { Claim } from '../../audit/journal.ts';
import { deferralRefusal } from '../../deferral/deferral-refusal.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { RevocationPorts } from '../revocation.ports.ts';
import type { NoDeferral, OwnDeferral } from './find-own-deferral.ts';

/**
 * Cancels what waits, approved or not, and puts that on record in the same transaction. Where nothing waits any more,
 * that is recorded.
 *
 * In     found  what `findOwnDeferral` came to
 *        trail  what the steps have seen, with the claim
 * Fails  client.replayed; Unavailable
 * Spec   draft-ietf-oauth-deferred-token-response, cancellation
 */
export async function recordCancellation(
  { deferrals, journal }: Pick<RevocationPorts, 'deferrals' | 'journal'>,
  found: OwnDeferral | NoDeferral,
  trail: Trail,
): Promise<void> {
  trail.close();
  const reused =
    'none' in found ? await noteNone(journal, found, trail) : await cancel(deferrals, found, trail);
  if (reused !== null) throw new OAuthError(reused.onReuse).withReasonId(trail.reasonId);
}

async function noteNone(
  journal: RevocationPorts['journal'],
  { none }: NoDeferral,
  trail: Trail,
): Promise<Claim | null> {
  const { reused } = await journal.record({
    claims: trail.claims,
    describe: (heard) =>
      heard.reused === null ? trail.event('inactive', none) : trail.event('refused', heard.reused.onReuse),
  });
  return reused;
}

async function cancel(
  deferrals: RevocationPorts['deferrals'],
  { deferral: { id } }: OwnDeferral,
  trail: Trail,
): Promise<Claim | null> {
  const verdict = await deferrals.settle(
    { id, does: 'cancel', reliances: [] },
    {
      claims: trail.claims,
      describe: (heard) => {
        if (heard.verdict === 'claim_reused') return trail.event('refused', heard.reused.onReuse);
        return heard.verdict === 'done'
          ? trail.event('revoked', null)
          : trail.event('inactive', deferralRefusal(heard));
      },
    },
  );
  return verdict.verdict === 'claim_reused' ? verdict.reused : null;
}
