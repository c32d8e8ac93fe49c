import type { SpendAttempt } from '#core';
import { float8Array, textArray, uuidArray } from './binary-arrays.ts';

/** What the tokens stand on, a row for each: token, when it was issued, kind, id, since when. Times in seconds. */
export function relianceArrays(attempts: readonly (SpendAttempt | null)[]): readonly Buffer[] {
  const rows = attempts.flatMap((attempt) =>
    attempt === null ? [] : attempt.reliances.map((reliance) => ({ attempt, reliance })),
  );
  return [
    uuidArray(rows.map(({ attempt }) => attempt.jti)),
    float8Array(rows.map(({ attempt }) => attempt.issuedAt / 1000)),
    textArray(rows.map(({ reliance }) => reliance.kind)),
    textArray(rows.map(({ reliance }) => reliance.id)),
    float8Array(rows.map(({ reliance }) => reliance.since / 1000)),
  ];
}
