import type { AuditEvent } from '#core';
import { coloursFor } from '#quickstart';
import { theActs } from './acts.ts';
import { formatReport, wentAsExpected, type Report } from './report.ts';

const PLAIN = coloursFor(false, undefined);

const act: Report['act'] = {
  title: 'the same token again',
  ends: '401, replay noticed',
  expects: { status: 401, outcome: 'inactive', reason: 'token.already_spent' },
};

function anEvent(changes: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: '01900000-0000-0000-0000-000000000000',
    at: 0,
    type: 'token.introspect',
    outcome: 'inactive',
    reason: 'token.already_spent',
    reasonId: 'r1',
    txn: null,
    detail: null,
    ...changes,
  };
}

function aReport(changes: Partial<Report> = {}): Report {
  return { act, scene: { status: 401, auditId: 'r1' }, event: anEvent(), ...changes };
}

describe('wentAsExpected', () => {
  it.each<{ name: string; report: Report; expected: boolean }>([
    { name: 'takes status, outcome and reason together for a yes', report: aReport(), expected: true },
    {
      name: 'refuses another status',
      report: aReport({ scene: { status: 200, auditId: 'r1' } }),
      expected: false,
    },
    {
      name: 'refuses another reason',
      report: aReport({ event: anEvent({ reason: 'token.expired' }) }),
      expected: false,
    },
    {
      name: 'refuses another outcome',
      report: aReport({ event: anEvent({ outcome: 'spent' }) }),
      expected: false,
    },
    { name: 'refuses an answer that is not on record', report: aReport({ event: null }), expected: false },
    { name: 'refuses a fault', report: aReport({ scene: { fault: 'no' } }), expected: false },
  ])('$name', ({ report, expected }) => {
    expect(wentAsExpected(report)).toBe(expected);
  });
});

describe('formatReport', () => {
  it('tells an act and its reason in one line', () => {
    expect(formatReport(aReport(), 2, PLAIN)).toMatch(
      /^ {2}2 ✓ the same token again: 401, replay noticed +token\.already_spent: the token was used before: a replay$/,
    );
  });

  it('names the policies that permitted', () => {
    const event = anEvent({ outcome: 'spent', reason: null, release: 3, policies: ['support-refunds'] });
    expect(formatReport(aReport({ event }), 1, PLAIN)).toContain(
      'spent: support-refunds permits it, release 3',
    );
  });

  it('says what was expected when it went otherwise', () => {
    const line = formatReport(aReport({ scene: { status: 200, auditId: null }, event: null }), 2, PLAIN);
    expect(line).toContain('✗ the same token again: 200');
    expect(line).toContain('expected 401, and in the audit log: token.already_spent');
  });

  it('paints only on a terminal', () => {
    expect(formatReport(aReport(), 2, coloursFor(true, undefined))).toContain('\u001b[32m✓');
    expect(formatReport(aReport(), 2, coloursFor(true, '1'))).not.toContain('\u001b');
  });
});

it('the story has its seven acts, in order', () => {
  expect(theActs().map(({ title, ends }) => `${title}: ${ends}`)).toEqual([
    'ada refunds order 42: 200',
    'the same token again: 401, replay noticed',
    'the token on another order: 401',
    'with another body: 401',
    'from another device key: 401',
    'after it expired: 401',
    'bob, not in support: denied by policy',
  ]);
});
