import { OAuthError } from '../../errors/oauth-error.ts';
import type { ResolvedOperation } from '../../exchange/steps/resolve-operation.ts';
import { operationHash } from '../operation-hash.ts';
import type { FoundDeferral } from './find-deferral.ts';

/**
 * Sees to it that what was approved is still called the same: a catalog may have changed meanwhile.
 *
 * In     found     evidence from `findDeferral`
 *        resolved  evidence from `resolveOperation`, now
 * Fails  approval.stale
 */
export function demandSameOperation(
  { deferral: { request } }: FoundDeferral,
  { operation, matched }: ResolvedOperation,
): void {
  const isSame =
    matched.operation.id === request.operationId &&
    operationHash(operation) === operationHash(request.operation);
  if (!isSame) throw new OAuthError('approval.stale', `it is ${matched.operation.id} now`);
}
