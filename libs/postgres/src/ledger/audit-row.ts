import type { AuditEvent } from '#core';
import { isUuid } from './binary-arrays.ts';

/** An event, ready to be written: nothing in it can make the server refuse the rows beside it. */
export interface AuditRow {
  readonly event: AuditEvent;
  readonly json: string;
}

/** Years that a timestamp of Postgres and ISO 8601 both hold. */
const LAST_MS = Date.UTC(9999, 11, 31);

/** Fails  RangeError when the event has no id or no time */
export function auditRow(event: AuditEvent): AuditRow {
  if (!isUuid(event.id)) throw new RangeError('the id of an audit event is not a UUID');
  if (!(event.at >= 0 && event.at <= LAST_MS)) throw new RangeError('the time of an audit event is no time');
  return { event, json: withoutUnstorable(JSON.stringify(event)) };
}

/** What `jsonb` refuses and a stranger may send: NUL, and halves of characters. Both become U+FFFD. */
function withoutUnstorable(json: string): string {
  if (!json.includes('\\u')) return json;
  return json.replaceAll(/\\(?:[^u]|u(?:0000|d[89a-f][0-9a-f]{2})?)/g, (escape) =>
    escape.length > 2 ? '\\ufffd' : escape,
  );
}

/** The same for a column of type `text`. */
export function storableText(text: string | null): string | null {
  return text?.replaceAll('\0', '\uFFFD') ?? null;
}
