import type { EpochMs } from '#core';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

/** Reads `2026-01-31T09:30:00.000Z`: ISO 8601 in UTC, of a day that the calendar has. Null when it is anything else. */
export function readTime(text: string): EpochMs | null {
  if (!TIME.test(text)) return null;
  const at = Date.parse(text);
  // What does not exist, such as a 30th of February, is taken for another day and comes back different.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 19) !== text.slice(0, 19) ? null : at;
}
