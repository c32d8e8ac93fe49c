import { storableText, type AuditRow } from './audit-row.ts';
import { float8Array, jsonbArray, textArray, uuidArray } from './binary-arrays.ts';

/** Events as parameters: id, time in seconds, type, outcome, reason, reason id, transaction, and the event itself. */
export function auditArrays(rows: readonly AuditRow[]): readonly Buffer[] {
  return [
    uuidArray(rows.map(({ event }) => event.id)),
    float8Array(rows.map(({ event }) => event.at / 1000)),
    textArray(rows.map(({ event }) => event.type)),
    textArray(rows.map(({ event }) => event.outcome)),
    textArray(rows.map(({ event }) => event.reason)),
    textArray(rows.map(({ event }) => storableText(event.reasonId))),
    textArray(rows.map(({ event }) => storableText(event.txn))),
    jsonbArray(rows.map(({ json }) => json)),
  ];
}
