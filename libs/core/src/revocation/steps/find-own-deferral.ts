import type { RefusalReason } from '../../errors/refusals.ts';
import { hashOfCode } from '../../deferral/deferral-code.ts';
import type { StoredDeferral } from '../../deferral/deferral.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { RevocationPorts } from '../revocation.ports.ts';
import type { AuthenticatedRevoker } from './authenticate-revoker.ts';

export type OwnDeferral = Evidence<'OwnDeferral', { deferral: StoredDeferral }>;

/** Nothing of this client waits under the code. */
export interface NoDeferral {
  readonly none: Extract<RefusalReason, 'approval.unknown' | 'approval.foreign_client'>;
}

/**
 * Finds what waits under a code of this very client.
 *
 * In     code     as sent
 *        revoker  evidence from `authenticateRevoker`
 * Out    OwnDeferral, or NoDeferral: what the client hears is the same
 * Fails  Unavailable
 * Spec   RFC 7009 §2.1, §2.2
 */
export async function findOwnDeferral(
  { deferrals }: Pick<RevocationPorts, 'deferrals'>,
  code: string,
  { clientId }: AuthenticatedRevoker,
): Promise<OwnDeferral | NoDeferral> {
  const deferral = await deferrals.find(hashOfCode(code));
  if (deferral === null) return { none: 'approval.unknown' };
  if (deferral.request.clientId !== clientId) return { none: 'approval.foreign_client' };
  return attest<OwnDeferral>({ deferral });
}
