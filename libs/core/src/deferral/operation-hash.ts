import type { HttpOperation } from '../operation/http-operation.ts';
import { sha256Base64url } from '../shared/sha256.ts';
import { sortedJson } from '../shared/sorted-json.ts';

/** Names one exact operation to those who approve it: SHA-256 of its sorted JSON, base64url. */
export function operationHash(operation: HttpOperation): string {
  return sha256Base64url(sortedJson(operation));
}
