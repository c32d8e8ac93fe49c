import type { Page } from '#core';
import { toCursor } from './cursor.ts';

/** A page of at most `limit` from one row more than that, if there is one: it says that there is a next page. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { toItem, endOf }: { toItem: (row: Row) => Item; endOf: (row: Row) => string },
): Page<Item> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  const next = rows.length <= limit || last === undefined ? null : toCursor(endOf(last));
  return { items: kept.map(toItem), next };
}
