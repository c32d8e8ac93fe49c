import type { BatchEntry } from './pending-entry.ts';

/** Names of all ids and tokens that a batch would use. */
export function keysOf(batch: readonly BatchEntry[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { usedIds, wants } of batch) {
    for (const { key } of usedIds) keys.add(key);
    if (wants?.act === 'spend' || wants?.act === 'mismatch') keys.add(wants.token.jti.toLowerCase());
  }
  return keys;
}
