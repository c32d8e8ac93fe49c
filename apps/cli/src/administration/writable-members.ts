import type { JsonObject } from '#core';

/** Members that the API adds by itself and does not take back. */
const READ_ONLY: readonly string[] = ['updated_at', 'updated_by', 'problems', 'warnings'];

/** Read-only members of policies only. */
const OF_POLICIES: readonly string[] = ['name', 'description', 'owner', 'effect'];

/** What of a resource, as the API shows it, can be put again. */
export function writableMembers(path: string, shown: JsonObject): JsonObject {
  const left = path === 'policies' ? [...READ_ONLY, ...OF_POLICIES] : READ_ONLY;
  return Object.fromEntries(Object.entries(shown).filter(([name]) => !left.includes(name)));
}
