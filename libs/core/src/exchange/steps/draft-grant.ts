import { OAuthError } from '../../errors/oauth-error.ts';
import type { Grant } from '../../token/grant.ts';
import { newTokenId } from '../../token/token-id.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { toEpochSeconds } from '../../shared/clock.ts';
import { BURST_SECONDS } from '../../policy/obligations.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import { partiesOf } from '../parties-of.ts';
import type { Circumstances, Permit } from './decide.ts';
import type { ResolvedOperation } from './resolve-operation.ts';

/** So many that the sealed token can be read again. */
const MAX_GRANT_BYTES = 5_800;

export type DraftedGrant = Evidence<'DraftedGrant', { grant: Grant }>;

/**
 * Writes down what the permit comes to. Nothing is given out yet: the grant has no seal until it is on record.
 *
 * In     resolved       evidence from `resolveOperation`
 *        circumstances  evidence from the steps before, and the permit
 * Out    DraftedGrant; lives for the permitted time and never past the subject and actor token
 * Fails  txn.chain_too_long | txn.too_large; Unavailable while the ledger's incarnation is not known
 * Spec   docs/protocol.md, the token
 */
export function draftGrant(
  { clock, ledger, identity }: Pick<ExchangePorts, 'clock' | 'ledger' | 'identity'>,
  { operation, server, matched }: ResolvedOperation,
  { permit, ...circumstances }: Omit<Circumstances, 'context'> & { permit: Permit },
): DraftedGrant {
  const { subject, actor } = circumstances;
  const now = clock.now();
  const spentBy = ledger.current();
  const uses = permit.obligations.uses ?? 1;
  const ttlSeconds = uses === 1 ? permit.ttlSeconds : Math.min(permit.ttlSeconds, BURST_SECONDS);
  const iat = toEpochSeconds(now);
  const grant: Grant = {
    iss: identity.issuer,
    aud: server.resource,
    ...partiesOf(circumstances, now),
    jti: newTokenId(now),
    ledger: spentBy.ledger,
    inc: spentBy.incarnation,
    iat,
    exp: Math.min(iat + ttlSeconds, subject.expiresAt, actor.expiresAt ?? subject.expiresAt),
    authorization_details: [operation],
    scope: matched.operation.id,
    release: permit.release,
    policies: permit.policies,
    uses,
  };
  if (
    (grant.transaction !== undefined || grant.workload !== undefined) &&
    new TextEncoder().encode(JSON.stringify(grant)).length > MAX_GRANT_BYTES
  ) {
    throw new OAuthError('txn.too_large');
  }
  return attest<DraftedGrant>({ grant });
}
