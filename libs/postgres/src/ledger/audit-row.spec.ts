import type { AuditEvent } from '#core';
import { auditRow, storableText } from './audit-row.ts';

const EVENT: AuditEvent = {
  id: '0190f3a0-0000-7000-8000-000000000000',
  at: 1_800_000_000_000,
  type: 'token.exchange',
  outcome: 'permitted',
  reason: null,
  reasonId: 'r',
  txn: null,
  detail: null,
};

describe('auditRow', () => {
  it.each([
    { name: 'plain text', detail: 'ada', kept: 'ada' },
    { name: 'escapes that are stored as they are', detail: '\u0001\n"\\', kept: '\u0001\n"\\' },
    { name: 'what only looks like an escape', detail: '\\u0000 \\ud800', kept: '\\u0000 \\ud800' },
    { name: 'whole characters beyond the first plane', detail: '😀', kept: '😀' },
    { name: 'NUL', detail: 'a\0b', kept: 'a\uFFFDb' },
    { name: 'NUL after a backslash', detail: '\\\0', kept: '\\\uFFFD' },
    { name: 'half a character', detail: '\ud83d and \ude00', kept: '\uFFFD and \uFFFD' },
  ])('keeps $name', ({ detail, kept }) => {
    const { json } = auditRow({ ...EVENT, detail });
    expect(JSON.parse(json)).toEqual({ ...EVENT, detail: kept });
    expect(json).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
  });

  it.each([{ id: 'x' }, { at: Number.NaN }, { at: -1 }, { at: 1e300 }])('refuses %j', (change) => {
    expect(() => auditRow({ ...EVENT, ...change })).toThrow(RangeError);
  });
});

it('storableText has no NUL', () => {
  expect([storableText('a\0b\0'), storableText(null)]).toEqual(['a\uFFFDb\uFFFD', null]);
});
