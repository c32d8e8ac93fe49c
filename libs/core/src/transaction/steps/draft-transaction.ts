import { OAuthError } from '../../errors/oauth-error.ts';
import type { Reliance } from '../../revocation/cut-off.ts';
import { toEpochSeconds } from '../../shared/clock.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import { isSameJson, type JsonObject } from '../../shared/strict-json.ts';
import { requestersAfter } from '../requesters.ts';
import type { TransactionPorts } from '../transaction.ports.ts';
import type { TransactionRequest } from '../transaction-request.ts';
import type { TransactionClaims } from '../transaction-token.ts';
import type { AuthenticatedWorkload } from './authenticate-workload.ts';
import type { OpenedTransaction } from './open-transaction.ts';

export type DraftedTransaction = Evidence<
  'DraftedTransaction',
  { claims: TransactionClaims; reliances: readonly Reliance[] }
>;

/** So many that the token can be read again (8192 characters), its header and signature included. */
const MAX_CLAIMS_CHARS = 5_800;

/**
 * Writes down the transaction for the services behind the caller. A replacement says the same or less of what is to be
 * done, adds circumstances and never changes one, and names who asked before.
 *
 * In     request   audience, scope, and what the caller asserts
 *        workload  evidence from `authenticateWorkload`
 *        opened    evidence from `openTransaction`
 * Out    DraftedTransaction; lives no longer than the token that was spent
 * Fails  txn.wrong_audience | txn.wrong_scope | txn.widened | txn.chain_too_long | txn.too_large
 * Spec   draft-ietf-oauth-transaction-tokens, Txn-Token Claims and Txn-Token Replacement
 */
export function draftTransaction(
  { clock, identity }: Pick<TransactionPorts, 'clock' | 'identity'>,
  { audiences, scope, details, context }: TransactionRequest,
  {
    workload,
    opened: { claims: before, reliances },
  }: { workload: AuthenticatedWorkload; opened: OpenedTransaction },
): DraftedTransaction {
  if (audiences.length !== 1 || audiences[0] !== identity.issuer) throw new OAuthError('txn.wrong_audience');
  // One operation has no parts: what is not the same is more, or cannot be compared.
  if (scope !== before.scope) throw new OAuthError('txn.wrong_scope', scope);
  const claims: TransactionClaims = {
    ...before,
    iat: toEpochSeconds(clock.now()),
    req_wl: requestersAfter(before.req_wl, workload.server.clientId),
    tctx: { ...before.tctx, ...present('details', detailsAfter(before, details)) },
    rctx: { ...before.rctx, ...present('asserted', assertedAfter(before, context)) },
  };
  if (JSON.stringify(claims).length > MAX_CLAIMS_CHARS) throw new OAuthError('txn.too_large');
  return attest<DraftedTransaction>({ claims, reliances });
}

/** The first one says what it likes; whoever comes after may leave parts of that out. */
function detailsAfter(
  { req_wl, tctx: { details: before } }: OpenedTransaction['claims'],
  details: JsonObject | null,
): JsonObject | undefined {
  if (details === null) return before;
  const isLess = Object.entries(details).every(([name, value]) => isSaid(before, name, value));
  if (req_wl !== '' && !isLess) throw new OAuthError('txn.widened', 'request_details');
  return details;
}

/** Circumstances are added; none that is there already becomes another. */
function assertedAfter(
  { rctx: { asserted: before } }: OpenedTransaction['claims'],
  context: JsonObject | null,
): JsonObject | undefined {
  if (context === null) return before;
  const isAnother = Object.entries(context).some(
    ([name, value]) =>
      before !== undefined && Object.hasOwn(before, name) && !isSameJson(before[name], value),
  );
  if (isAnother) throw new OAuthError('txn.widened', 'request_context');
  return { ...before, ...context };
}

function isSaid(before: JsonObject | undefined, name: string, value: unknown): boolean {
  return before !== undefined && Object.hasOwn(before, name) && isSameJson(before[name], value);
}

function present(name: string, value: JsonObject | undefined): object {
  return value === undefined ? {} : { [name]: value };
}
