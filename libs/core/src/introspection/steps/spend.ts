import type { Trail } from '../../audit/trail.ts';
import { OAuthError } from '../../errors/oauth-error.ts';
import type { InactiveReason } from '../../errors/inactivities.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { sha256 } from '../../shared/sha256.ts';
import { reliancesOf } from '../../revocation/cut-off.ts';
import type { Grant } from '../../token/grant.ts';
import { issuedAt } from '../../token/token-id.ts';
import { inactive, type Inactive } from '../inactive.ts';
import type { IntrospectionPorts } from '../introspection.ports.ts';
import type { IntrospectionRequest } from '../introspection-request.ts';
import type { SpendVerdict } from '../spend-ledger.ts';
import type { BoundGrant } from './check-binding.ts';

export type SpentGrant = Evidence<'SpentGrant', Pick<BoundGrant, 'grant' | 'targetUri'>>;

const DEAD = {
  already_spent: 'token.already_spent',
  killed: 'token.killed',
  revoked: 'token.revoked',
  expired: 'token.expired',
  ledger_gone: 'token.ledger_gone',
} as const satisfies Record<string, InactiveReason>;

/**
 * Spends the token: one atomic verdict, on record before it is told.
 *
 * In     request  for its Idempotency-Key and the parameters that a repeat must share
 *        bound    evidence from `checkBinding`, and the trail
 * Out    SpentGrant for the one that wins and for its own repeats; Inactive for everybody else
 * Fails  client.replayed | idempotency.conflict; Unavailable
 */
export async function spend(
  { ledger }: Pick<IntrospectionPorts, 'ledger'>,
  { presented, idempotencyKey }: Pick<IntrospectionRequest, 'presented' | 'idempotencyKey'>,
  { grant, spender, targetUri: spentOn, trail }: BoundGrant & { trail: Trail },
): Promise<SpentGrant | Inactive> {
  trail.close();
  const { method, targetUri, contentDigest, contentType, dpopProof, certificateThumbprint } = presented;
  // Several uses are told apart by their proofs. Where none is forwarded, by what the caller says is a repeat.
  const unlike = grant.uses > 1 && dpopProof === null ? (idempotencyKey ?? trail.reasonId) : null;
  // A single use without a key is never told from another: the second one is refused, whatever it says.
  const isTold = grant.uses > 1 || idempotencyKey !== null;
  const verdict = await ledger.spend(
    {
      jti: grant.jti,
      exp: grant.exp,
      ledger: grant.ledger,
      incarnation: grant.inc,
      spender,
      repeatKey: idempotencyKey === null ? null : digest8(idempotencyKey),
      fingerprint: isTold
        ? digest8(
            JSON.stringify([
              method,
              targetUri,
              contentDigest,
              contentType,
              dpopProof,
              certificateThumbprint,
              unlike,
            ]),
          )
        : UNTOLD,
      uses: grant.uses,
      targetUri: isForUnnamed(grant) ? spentOn : null,
      issuedAt: issuedAt(grant.jti),
      reliances: reliancesOf(grant),
    },
    { claims: trail.claims, describe: (heard) => eventOf(trail, heard) },
  );
  switch (verdict.verdict) {
    case 'spent':
    case 'repeated':
      return attest<SpentGrant>({ grant, targetUri: spentOn });
    case 'key_conflict':
      throw new OAuthError('idempotency.conflict').withReasonId(trail.reasonId);
    case 'claim_reused':
      throw new OAuthError(verdict.reused.onReuse).withReasonId(trail.reasonId);
    case 'already_spent':
    case 'killed':
    case 'revoked':
    case 'expired':
    case 'ledger_gone':
      return inactive(DEAD[verdict.verdict]);
  }
}

/** A token for a path template does not say what it is spent on. One of several uses is spent on no one thing. */
function isForUnnamed({ uses, authorization_details: [operation] }: Grant): boolean {
  return uses === 1 && operation.path_template !== undefined;
}

function eventOf(trail: Trail, heard: SpendVerdict): ReturnType<Trail['event']> {
  switch (heard.verdict) {
    case 'spent':
    case 'repeated':
      return trail.event(heard.verdict, null);
    case 'key_conflict':
      return trail.event('refused', 'idempotency.conflict');
    case 'claim_reused':
      return trail.event('refused', heard.reused.onReuse);
    case 'already_spent':
    case 'killed':
    case 'revoked':
    case 'expired':
    case 'ledger_gone':
      return trail.event('inactive', DEAD[heard.verdict]);
  }
}

const UNTOLD = Buffer.alloc(8);

/** Eight bytes are enough among the repeats of one token, and keep the ledger's rows small. */
function digest8(text: string): Buffer {
  return sha256(text).subarray(0, 8);
}
