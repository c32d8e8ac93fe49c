import { AdminProblem, type EpochMs, type JsonObject } from '#core';

/** Is it text that Postgres can hold, and so a name that something can have? */
export function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}

/**
 * A document as it goes into a column of type `jsonb`.
 *
 * Fails  AdminProblem admin.invalid when it holds NUL or half a character, which the column refuses
 */
export function toStorableJson(document: JsonObject): string {
  const json = JSON.stringify(document);
  // What is no escape is skipped: `\\u0000` is a backslash and five letters.
  for (const [escape] of json.matchAll(/\\(?:u[0-9a-f]{4}|.)/g)) {
    if (/^\\u(?:0000|d[89a-f])/.test(escape)) {
      throw new AdminProblem('admin.invalid', [{ detail: 'holds NUL or half a character', pointer: '#' }]);
    }
  }
  return json;
}

/** The nearest time that a timestamp can hold. */
export function storableTime(at: EpochMs): EpochMs {
  return Math.min(Math.max(at, 0), LAST_MS);
}

const LAST_MS = Date.UTC(9999, 11, 31);
