import { sha256Base64url, sortedJson } from '#core';

/** SHA-256 over a document in one spelling. For the audit log. */
export function digestOf(document: object): string {
  return sha256Base64url(sortedJson(document));
}
