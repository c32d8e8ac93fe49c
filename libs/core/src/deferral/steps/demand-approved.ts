import { OAuthError } from '../../errors/oauth-error.ts';
import type { AwaitedApproval, Permit } from '../../exchange/steps/decide.ts';

/**
 * What was approved has to be permitted with the approvals that it has. Nobody is asked a second time.
 *
 * In     decided  evidence from `decide`, now
 * Out    Permit
 * Fails  policy.approval_required
 */
export function demandApproved(decided: Permit | AwaitedApproval): Permit {
  if ('awaits' in decided) throw new OAuthError('policy.approval_required', decided.awaits.join(', '));
  return decided;
}
