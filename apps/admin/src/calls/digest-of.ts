import { sha256Base64url } from '#core';

/** SHA-256 over a document in one spelling: members sorted by name, no blanks. For the audit log. */
export function digestOf(document: object): string {
  return sha256Base64url(JSON.stringify(document, sorted));
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
