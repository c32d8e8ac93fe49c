import type { JsonObject } from '#core';

/** A validated body as the document that is stored: without `enabled`, and without members that were not sent. */
export function documentOf(body: object): { document: JsonObject; enabled: boolean } {
  const { enabled, ...document } = present(body);
  return { document, enabled: enabled !== false };
}

function present(value: object): JsonObject {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'object' && value !== null ? present(value) : value;
}
