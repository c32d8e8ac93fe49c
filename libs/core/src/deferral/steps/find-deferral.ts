import { OAuthError } from '../../errors/oauth-error.ts';
import type { AuthenticatedClient } from '../../exchange/steps/authenticate-client.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { hashOfCode } from '../deferral-code.ts';
import type { StoredDeferral } from '../deferral.ts';
import type { DeferralPorts } from '../deferral.ports.ts';

export type FoundDeferral = Evidence<'FoundDeferral', { deferral: StoredDeferral }>;

/**
 * Finds what waits under a code, and sees to it that it was given to this very client.
 *
 * In     code    as sent
 *        client  evidence from `authenticateClient`
 * Out    FoundDeferral; whatever is done about it is held against its state once more
 * Fails  approval.unknown | approval.foreign_client, which a client cannot tell apart; Unavailable
 * Spec   draft-ietf-oauth-deferred-token-response, Polling
 */
export async function findDeferral(
  { deferrals }: Pick<DeferralPorts, 'deferrals'>,
  code: string,
  { registration }: AuthenticatedClient,
): Promise<FoundDeferral> {
  const deferral = await deferrals.find(hashOfCode(code));
  if (deferral === null) throw new OAuthError('approval.unknown');
  if (deferral.request.clientId !== registration.clientId) {
    throw new OAuthError('approval.foreign_client', deferral.id);
  }
  return attest<FoundDeferral>({ deferral });
}
