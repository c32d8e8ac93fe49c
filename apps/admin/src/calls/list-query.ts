import { AdminProblem, type ListQuery } from '#core';
import type { FastifyRequest } from 'fastify';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
/** As long as the longest name that can be asked for. */
const MAX_VALUE_CHARS = 2_048;

/**
 * Reads the query of a call by the names that it may have, each at most once. An empty value is a value.
 *
 * Fails  admin.malformed
 */
export function readQuery<Name extends string>(
  { originalUrl }: Pick<FastifyRequest, 'originalUrl'>,
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const question = originalUrl.indexOf('?');
  const read: Partial<Record<Name, string>> = {};
  if (question === -1) return read;
  for (const [given, value] of new URLSearchParams(originalUrl.slice(question + 1))) {
    const name = names.find((one) => one === given);
    if (name === undefined) throw malformed(`the parameters are ${names.join(', ') || 'none'}`);
    if (read[name] !== undefined) throw malformed(`${name} is repeated`);
    // A byte that is not UTF-8 is read as U+FFFD, and would stand for many.
    if (value.length > MAX_VALUE_CHARS || /[\0\uFFFD]/.test(value)) throw malformed(`${name} is unusable`);
    read[name] = value;
  }
  return read;
}

/** `limit`, `cursor` and the filters that this list has. Fails  admin.malformed | admin.bad_cursor */
export function readListQuery(
  request: Pick<FastifyRequest, 'originalUrl'>,
  filters: readonly string[],
): ListQuery {
  const { limit, cursor, ...filter } = readQuery(request, ['limit', 'cursor', ...filters]);
  return { limit: readLimit(limit), after: readCursor(cursor), filter: present(filter) };
}

export function readLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^[1-9][0-9]{0,2}$/.test(text) ? Number(text) : MAX_LIMIT + 1;
  if (limit > MAX_LIMIT) throw malformed(`limit must be a whole number from 1 to ${MAX_LIMIT}`);
  return limit;
}

/** Opaque: only its look is checked here. */
export function readCursor(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!/^[A-Za-z0-9_-]{1,2048}$/.test(text)) throw new AdminProblem('admin.bad_cursor');
  return text;
}

function present(filter: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) given[name] = value;
  return given;
}

function malformed(detail: string): AdminProblem {
  return new AdminProblem('admin.malformed', [{ detail }]);
}
