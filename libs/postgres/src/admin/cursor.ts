import { AdminProblem } from '#core';
import { isUuid } from '../ledger/binary-arrays.ts';
import { isStorable } from './storable.ts';

/** Of an issuer of 1024 characters, in base64url, and more. */
const MAX_CHARS = 2_048;

/** Where a page ended, as its reader carries it to the next one. */
export function toCursor(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** Fails  AdminProblem admin.bad_cursor */
export function fromCursor(cursor: string): string {
  const id = cursor.length <= MAX_CHARS ? Buffer.from(cursor, 'base64url').toString() : '';
  // Only what `toCursor` writes is read: no other spelling, nothing that is not UTF-8.
  if (id === '' || !isStorable(id) || toCursor(id) !== cursor) throw new AdminProblem('admin.bad_cursor');
  return id;
}

/** As `fromCursor`, where pages end with a UUID. Fails  AdminProblem admin.bad_cursor */
export function uuidFromCursor(cursor: string): string {
  const id = fromCursor(cursor);
  if (!isUuid(id)) throw new AdminProblem('admin.bad_cursor');
  return id;
}
