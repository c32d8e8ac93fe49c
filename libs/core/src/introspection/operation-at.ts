import type { Grant } from '../token/grant.ts';
import type { HttpOperation } from '../operation/http-operation.ts';

/** What a grant permits, at the URI that it was presented for: of a path template it is this one that goes on record. */
export function operationAt(
  { authorization_details: [operation] }: Pick<Grant, 'authorization_details'>,
  targetUri: string,
): HttpOperation {
  if (operation.target_uri === targetUri) return operation;
  const { target_uri: _, ...same } = operation;
  return { target_uri: targetUri, ...same };
}
