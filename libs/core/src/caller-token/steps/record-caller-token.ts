import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { CallerTokenClaims } from '../caller-token.ts';
import type { CallerTokenPorts } from '../caller-token.ports.ts';
import type { DraftedCallerToken } from './draft-caller-token.ts';

export type RecordedCallerToken = Evidence<'RecordedCallerToken', { claims: CallerTokenClaims }>;

/**
 * Puts the caller token on record, and settles in the same transaction that the assertion was not used before.
 *
 * In     drafted  evidence from `draftCallerToken`
 *        trail    what the steps have seen, with the claim
 * Out    RecordedCallerToken, durable
 * Fails  client.replayed; Unavailable
 */
export async function recordCallerToken(
  { journal }: Pick<CallerTokenPorts, 'journal'>,
  { claims }: DraftedCallerToken,
  trail: Trail,
): Promise<RecordedCallerToken> {
  trail.close();
  const { reused } = await journal.record({
    claims: trail.claims,
    describe: (heard) =>
      heard.reused === null
        ? trail.event('permitted', null, `to introspect until ${claims.exp}`)
        : trail.event('refused', heard.reused.onReuse),
  });
  if (reused !== null) throw new OAuthError(reused.onReuse).withReasonId(trail.reasonId);
  return attest<RecordedCallerToken>({ claims });
}
