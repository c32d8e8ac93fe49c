/** A document in one spelling: members sorted by name, no blanks. */
export function sortedJson(document: object): string {
  return JSON.stringify(document, sorted);
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
