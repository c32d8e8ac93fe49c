import type { InactiveReason } from '../../errors/inactivities.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { Grant } from '../../token/grant.ts';
import type { RevocationPorts } from '../revocation.ports.ts';
import type { AuthenticatedRevoker } from './authenticate-revoker.ts';

export type OwnGrant = Evidence<'OwnGrant', { grant: Grant }>;

/** Not a token of this client; `grant` where it is somebody else's. */
export interface NotOwn {
  readonly notOwn: InactiveReason;
  readonly grant: Grant | null;
}

/**
 * Opens the seal, and sees to it that the token was given to this very client.
 *
 * In     token    as sent
 *        revoker  evidence from `authenticateRevoker`
 * Out    OwnGrant, or NotOwn: what the client hears is the same
 * Fails  Unavailable when the key ring cannot be confirmed
 * Spec   RFC 7009 §2.1, §2.2
 */
export async function openOwnToken(
  { sealer, identity }: Pick<RevocationPorts, 'sealer' | 'identity'>,
  token: string,
  { clientId }: AuthenticatedRevoker,
): Promise<OwnGrant | NotOwn> {
  const unsealed = await sealer.unseal(token);
  if ('refused' in unsealed) return { notOwn: unsealed.refused, grant: null };
  const { opened: grant } = unsealed;
  if (grant.iss !== identity.issuer) return { notOwn: 'token.foreign_issuer', grant };
  if (grant.client_id !== clientId) return { notOwn: 'token.foreign_client', grant };
  return attest<OwnGrant>({ grant });
}
