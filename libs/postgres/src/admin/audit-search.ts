import type { AuditEvent, AuditFilter, Page } from '#core';
import { AUDIT_COLUMNS, toAuditEvent, type StoredAuditRow } from '../audit-reader.ts';
import { isUuid } from '../ledger/binary-arrays.ts';
import { toCursor, uuidFromCursor } from './cursor.ts';
import { ask, askOne, type Database } from './query.ts';
import { isStorable, storableTime } from './storable.ts';

const WHAT = 'the audit log cannot be searched';

/** How many events one statement looks through; each takes some microseconds. */
const WINDOW_EVENTS = 20_000;

/** A search that has found too little goes on for this long; then its reader takes the next page. */
const PATIENCE_MS = 1_000;

type TextFilter = Exclude<keyof AuditFilter, 'from' | 'to'>;

/** SQL for what each filter compares. */
const COMPARED: readonly (readonly [TextFilter, { readonly sql: string; readonly hasIndex: boolean }])[] = [
  ['issuer', { sql: `event #>> '{subject,issuer}'`, hasIndex: false }],
  ['subject', { sql: `event -> 'subject' ->> 'subject'`, hasIndex: true }],
  ['client', { sql: `event ->> 'callerId'`, hasIndex: false }],
  ['operation', { sql: `coalesce(event #>> '{act,operation}', event ->> 'operationId')`, hasIndex: false }],
  ['reason', { sql: 'reason', hasIndex: false }],
  ['outcome', { sql: 'outcome', hasIndex: false }],
  ['type', { sql: 'type', hasIndex: false }],
  ['txn', { sql: 'txn', hasIndex: true }],
  ['reasonId', { sql: 'reason_id', hasIndex: true }],
];

/**
 * The newest first: ids are ordered by time. A page can have fewer events than asked for, or none, and still have a
 * next one; what is rare is not looked for in all of the log at once.
 *
 * Fails  AdminProblem admin.bad_cursor | Unavailable
 */
export async function searchAudit(
  database: Database,
  filter: AuditFilter,
  { limit, before }: { limit: number; before: string | null },
): Promise<Page<AuditEvent>> {
  const search = compile(filter);
  if (search === null) return { items: [], next: null };
  const began = performance.now();
  const found: AuditEvent[] = [];
  let below = before === null ? null : uuidFromCursor(before);
  for (;;) {
    const from = search.isFast ? null : await windowBelow(database, search, below);
    found.push(...(await searchWindow(database, search, { below, from, limit: limit + 1 - found.length })));
    const last = found[limit - 1];
    if (found.length > limit && last !== undefined)
      return { items: found.slice(0, limit), next: toCursor(last.id) };
    if (from === null) return { items: found, next: null };
    below = from;
    if (performance.now() - began > PATIENCE_MS) return { items: found, next: toCursor(from) };
  }
}

interface Search {
  /** Conditions on time alone, and all others. $1 and $2 are the window. */
  readonly times: readonly string[];
  readonly others: readonly string[];
  readonly timeValues: readonly number[];
  readonly values: readonly (string | number)[];
  /** No window is needed: every event fits, or an index finds those that do. */
  readonly isFast: boolean;
}

/** Null when nothing can have what is looked for. */
function compile({ from, to, ...texts }: AuditFilter): Search | null {
  const times: string[] = [];
  const timeValues: number[] = [];
  for (const [operator, at] of [
    ['>=', from],
    ['<', to],
  ] as const) {
    if (at === undefined) continue;
    const place = timeValues.push(storableTime(at) / 1000) + 2;
    times.push(`at ${operator} to_timestamp($${place}::float8)`);
  }
  const values: (string | number)[] = [...timeValues];
  const others: string[] = [];
  let isIndexed = false;
  for (const [name, { sql, hasIndex }] of COMPARED) {
    const value = texts[name];
    if (value === undefined) continue;
    if (!isStorable(value)) return null;
    others.push(`${sql} = $${values.push(value) + 2}::text`);
    isIndexed ||= hasIndex;
  }
  const isFast = isIndexed || others.length === 0;
  return { times, others, timeValues, values, isFast };
}

/** Where the window ends that begins below an id; null when it holds all that is left. */
async function windowBelow(
  database: Database,
  { times, timeValues }: Search,
  below: string | null,
): Promise<string | null> {
  const row = await askOne<{ id: string }>(database, {
    what: WHAT,
    text: `SELECT id FROM audit_event WHERE ${where(['id < coalesce($1::uuid, $2::uuid)', ...times])}
            ORDER BY id DESC OFFSET ${WINDOW_EVENTS} LIMIT 1`,
    values: [below, BEYOND, ...timeValues],
  });
  return row?.id ?? null;
}

const BEYOND = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

async function searchWindow(
  database: Database,
  { times, others, values }: Search,
  { below, from, limit }: { below: string | null; from: string | null; limit: number },
): Promise<readonly AuditEvent[]> {
  const { rows } = await ask<StoredAuditRow>(database, {
    what: WHAT,
    text: `SELECT ${AUDIT_COLUMNS} FROM audit_event
            WHERE ${where(['id < $1::uuid', 'id >= $2::uuid', ...times, ...others])}
            ORDER BY id DESC LIMIT ${limit}`,
    values: [below ?? BEYOND, from ?? '00000000-0000-0000-0000-000000000000', ...values],
  });
  return rows.map(toAuditEvent);
}

function where(conditions: readonly string[]): string {
  return conditions.join(' AND ');
}

/** Null when it is not on record, or no id at all. Fails  Unavailable */
export async function readAuditEvent(database: Database, id: string): Promise<AuditEvent | null> {
  if (!isUuid(id)) return null;
  return readOne(database, `SELECT ${AUDIT_COLUMNS} FROM audit_event WHERE id = $1::uuid LIMIT 1`, id);
}

/** The first decision of a transaction that carries its question. Fails  Unavailable */
export async function readDecisionOf(database: Database, txn: string): Promise<AuditEvent | null> {
  if (!isStorable(txn)) return null;
  const text = `
    SELECT ${AUDIT_COLUMNS} FROM audit_event
     WHERE txn = $1::text AND type = 'token.exchange' AND event ? 'question' ORDER BY id LIMIT 1`;
  return readOne(database, text, txn);
}

async function readOne(database: Database, text: string, value: string): Promise<AuditEvent | null> {
  const row = await askOne<StoredAuditRow>(database, {
    what: 'the audit log cannot be read',
    text,
    values: [value],
  });
  return row === null ? null : toAuditEvent(row);
}
