import type { AuditEvent } from '#core';
import { coloursFor } from '#quickstart';
import { formatAuditEvent, formatAuditLine } from './format-audit-event.ts';

const PLAIN = coloursFor(false, undefined);

function anEvent(changes: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: '01900000-0000-0000-0000-000000000000',
    at: Date.UTC(2026, 10, 23, 17, 4, 5, 678),
    type: 'token.introspect',
    outcome: 'spent',
    reason: null,
    reasonId: 'r-1',
    txn: 't-1',
    detail: null,
    callerId: 'orders-api',
    subject: { issuer: 'https://idp.example', subject: 'ada' },
    operation: {
      type: 'http_operation',
      locations: ['https://api.example'],
      actions: ['POST'],
      target_uri: 'https://api.example/orders/42/refund',
    },
    operationId: 'orders.refund',
    release: 3,
    policies: ['support-refunds'],
    ...changes,
  };
}

it('names who acts for the subject, and everybody before', () => {
  const iss = 'https://idp.example';
  const event = anEvent({ actor: { iss, sub: 'agent-7', act: { iss, sub: 'desk' } } });
  expect(formatAuditLine(event, PLAIN)).toContain('ada by agent-7 via orders-api');
  expect(formatAuditEvent(event, PLAIN)).toContain(`agent-7 of ${iss}, after desk of ${iss}`);
});

const {
  operation: _operation,
  operationId: _id,
  subject: _subject,
  callerId: _caller,
  release: _release,
  policies: _policies,
  ...BARE
} = anEvent();

describe('formatAuditLine', () => {
  it.each<{ name: string; event: AuditEvent; expected: string }>([
    {
      name: 'tells time, outcome, who, what and under which release',
      event: anEvent(),
      expected:
        '2026-11-23 17:04:05.678  spent      ada via orders-api  POST https://api.example/orders/42/refund (orders.refund)  release 3: support-refunds',
    },
    {
      name: 'adds the reason, what it means and its id',
      event: { ...BARE, outcome: 'inactive', reason: 'token.malformed' },
      expected:
        '2026-11-23 17:04:05.678  inactive   unknown caller  introspection of a token\n' +
        '                          token.malformed: the token is not one of ours by its form [r-1]',
    },
    {
      name: 'knows the reasons of refusals too',
      event: { ...BARE, type: 'token.exchange', outcome: 'refused', reason: 'policy.denied' },
      expected:
        '2026-11-23 17:04:05.678  refused    unknown caller  exchange of an identity for a token\n' +
        '                          policy.denied: no policy permits the operation [r-1]',
    },
  ])('$name', ({ event, expected }) => {
    expect(formatAuditLine(event, PLAIN)).toBe(expected);
  });
});

describe('formatAuditEvent', () => {
  it('tells a fact per line and leaves out what is not known', () => {
    const lines = formatAuditEvent(anEvent({ detail: 'once', obligations: { ttlSeconds: 15 } }), PLAIN).split(
      '\n',
    );
    expect(lines).toEqual([
      'time        2026-11-23T17:04:05.678Z',
      'what        introspection of a token',
      'outcome     spent',
      'detail      once',
      'caller      orders-api',
      'subject     ada of https://idp.example',
      'operation   POST https://api.example/orders/42/refund (orders.refund)',
      'catalog id  orders.refund',
      'release     3',
      'policies    support-refunds',
      'obligations {"ttlSeconds":15}',
      'txn         t-1',
      'reason id   r-1',
      'event id    01900000-0000-0000-0000-000000000000',
    ]);
  });

  it('says what the reason means', () => {
    expect(formatAuditEvent(anEvent({ outcome: 'inactive', reason: 'token.expired' }), PLAIN)).toContain(
      'reason      token.expired: the token is past its last second',
    );
  });
});
