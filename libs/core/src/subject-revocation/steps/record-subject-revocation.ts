import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { SecurityEventPorts } from '../../security-event/security-event.ports.ts';
import type { AuthenticatedProvider } from './authenticate-provider.ts';
import type { NamedSubject } from './name-subject.ts';

/**
 * Cuts the user off and puts that on record, in one transaction: every token that there is, and every sign-in until
 * now.
 *
 * In     named     evidence from `nameSubject`
 *        provider  evidence from `authenticateProvider`, and the trail
 * Fails  revocation.replayed; Unavailable
 */
export async function recordSubjectRevocation(
  { ledger }: Pick<SecurityEventPorts, 'ledger'>,
  { name }: NamedSubject,
  { provider, trail }: AuthenticatedProvider & { trail: Trail },
): Promise<void> {
  trail.close();
  const heard = await ledger.revoke(
    {
      source: provider.issuer,
      saidAt: null,
      event: null,
      cutOffs: [{ ...name, change: { is: 'cut', upTo: null } }],
    },
    {
      claims: trail.claims,
      describe: (verdict) =>
        verdict.verdict === 'claim_reused'
          ? trail.event('refused', verdict.reused.onReuse)
          : trail.event('revoked', null),
    },
  );
  if (heard.verdict === 'claim_reused') {
    throw new OAuthError(heard.reused.onReuse).withReasonId(trail.reasonId);
  }
}
