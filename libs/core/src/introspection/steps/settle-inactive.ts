import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { InactiveReason } from '../../errors/inactivities.ts';
import type { Grant } from '../../token/grant.ts';
import type { Inactive } from '../inactive.ts';
import type { IntrospectionPorts } from '../introspection.ports.ts';
import { MISMATCHES_THAT_KILL } from '../spend-ledger.ts';

/**
 * Puts an inactive answer on record. A mismatch is counted with it: the third one kills the token, so that nobody can
 * try a token on until it fits.
 *
 * In     found  why the token is not honoured, and its grant where it could be opened
 *        trail  what the steps have seen, with the claims
 * Out    the same reason, durable
 * Fails  client.replayed; Unavailable
 */
export async function settleInactive(
  { ledger, journal }: Pick<IntrospectionPorts, 'ledger' | 'journal'>,
  { inactive: reason, isMismatch, grant }: Inactive & { grant: Grant | null },
  trail: Trail,
): Promise<InactiveReason> {
  trail.close();
  const reused =
    isMismatch && grant !== null
      ? await noteMismatch(ledger, { reason, grant }, trail)
      : (
          await journal.record({
            claims: trail.claims,
            describe: (heard) =>
              heard.reused === null
                ? trail.event('inactive', reason)
                : trail.event('refused', heard.reused.onReuse),
          })
        ).reused;
  if (reused !== null) throw new OAuthError(reused.onReuse).withReasonId(trail.reasonId);
  return reason;
}

async function noteMismatch(
  ledger: IntrospectionPorts['ledger'],
  { reason, grant }: { reason: InactiveReason; grant: Grant },
  trail: Trail,
) {
  const { jti, exp, inc, ledger: name } = grant;
  const verdict = await ledger.noteMismatch(
    { jti, exp, ledger: name, incarnation: inc },
    {
      claims: trail.claims,
      describe: (heard) =>
        heard.verdict === 'claim_reused'
          ? trail.event('refused', heard.reused.onReuse)
          : trail.event('inactive', reason, `mismatch ${heard.mismatches} of ${MISMATCHES_THAT_KILL}`),
    },
  );
  return verdict.verdict === 'claim_reused' ? verdict.reused : null;
}
