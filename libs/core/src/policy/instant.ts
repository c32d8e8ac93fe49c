import type { EpochSeconds } from '../shared/clock.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Reads `2026-01-31T09:30:00Z`: UTC, whole seconds, and a day that the calendar has. Null when it is anything else. */
export function readInstant(text: string): EpochSeconds | null {
  if (!INSTANT.test(text)) return null;
  const atMs = Date.parse(text);
  // What does not exist, such as a 30th of February, is taken for another day and comes back different.
  if (Number.isNaN(atMs) || new Date(atMs).toISOString() !== text.replace('Z', '.000Z')) return null;
  return atMs / 1000;
}
