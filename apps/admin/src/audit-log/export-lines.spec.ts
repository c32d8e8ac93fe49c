import type { AuditEvent } from '#core';
import { exportLines } from './export-lines.ts';

const anEvent = (at: number): AuditEvent => ({
  id: `id-${at}`,
  at,
  type: 'admin.act',
  outcome: 'done',
  reason: null,
  reasonId: `reason-${at}`,
  txn: null,
  detail: null,
});

/** The newest first; the cursor is the time of the last one. */
function logOf(count: number, pages: { limit: number; before: string | null }[] = []) {
  return {
    pages,
    audit: async (_: object, page: { limit: number; before: string | null }) => {
      pages.push(page);
      const from = page.before === null ? count : Number(page.before) - 1;
      const items = Array.from({ length: Math.min(page.limit, from) }, (_item, at) => anEvent(from - at));
      const last = items.at(-1);
      return { items, next: last === undefined || last.at === 1 ? null : String(last.at) };
    },
  };
}

async function linesOf(count: number, limits: { lines: number; page: number }) {
  const log = logOf(count);
  const lines: string[] = [];
  for await (const line of exportLines(log, {}, limits)) lines.push(line);
  return { lines, pages: log.pages };
}

it.each([
  ['nothing', 0, 0],
  ['less than a page', 2, 2],
  ['pages', 7, 7],
  ['exactly what an export holds', 10, 10],
])('exports %s', async (_, count, expected) => {
  const { lines, pages } = await linesOf(count, { lines: 10, page: 3 });
  expect(lines).toHaveLength(expected);
  expect(lines.every((line) => line.endsWith('\n') && JSON.parse(line).type === 'admin.act')).toBe(true);
  expect(pages.every(({ limit }) => limit === 3)).toBe(true);
});

it('says where to go on when there is more than an export holds', async () => {
  const { lines } = await linesOf(25, { lines: 10, page: 3 });
  expect(lines).toHaveLength(11);
  expect(JSON.parse(lines[10] ?? '')).toEqual({
    truncated_after: 10,
    to: new Date(16).toISOString(),
  });
});

it('L-03 P-24 is one line an event, whatever is in it', async () => {
  const hostile = { ...anEvent(1), detail: 'a\nb\r\u2028\u001b[31m=cmd()' };
  const log = { audit: async () => ({ items: [hostile], next: null }) };
  const lines: string[] = [];
  for await (const line of exportLines(log, {})) lines.push(line);
  expect(lines.join('').split('\n')).toHaveLength(2);
});
