import fc from 'fast-check';
import { assembleRelease, draftRowsOf } from './draft.ts';
import type { PolicyTest } from './policy-test.ts';
import type { ReleaseDocument } from './release.ts';

const test1: PolicyTest = {
  id: 'refund-works',
  name: 'Support may refund.',
  principal: { issuer: 'https://idp.example', subject: 'ada', groups: ['support'] },
  operation: 'orders.refund',
  parameters: { id: '42' },
  time: '2026-01-31T09:30:00Z',
  expect: { decision: 'permit' },
};

const release: ReleaseDocument = {
  policies: [
    { id: 'b', cedar: 'permit(principal, action, resource);' },
    { id: 'a', cedar: 'forbid(principal, action, resource);' },
  ],
  apis: [
    {
      id: 'orders',
      operations: [
        { id: 'orders.refund', method: 'POST', path: '/orders/{id}/refund', tags: ['write', 'money'] },
        { id: 'orders.list', method: 'GET', path: '/orders', tags: [] },
      ],
    },
    { id: 'billing', operations: [{ id: 'billing.pay', method: 'POST', path: '/pay', tags: [] }] },
  ],
  claimed: { reason: 'String', amount: 'Long' },
  tests: [test1],
};

describe('a draft', () => {
  it('has one row for each part of a release', () => {
    expect(draftRowsOf(release).map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'policy b',
      'policy a',
      'policy_test refund-works',
      'operation orders.refund',
      'operation orders.list',
      'operation billing.pay',
      'context_attribute reason',
      'context_attribute amount',
    ]);
    expect(draftRowsOf(release).at(5)?.document).toEqual({
      id: 'billing.pay',
      api: 'billing',
      method: 'POST',
      path: '/pay',
      tags: [],
    });
  });

  it('becomes a release in which everything is sorted', () => {
    const assembled = assembleRelease(draftRowsOf(release));
    expect(assembled.policies.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(assembled.apis.map(({ id }) => id)).toEqual(['billing', 'orders']);
    expect(assembled.apis[1]?.operations.map(({ id }) => id)).toEqual(['orders.list', 'orders.refund']);
    expect(assembled.apis[1]?.operations[1]?.tags).toEqual(['write', 'money']);
    expect(Object.keys(assembled.claimed)).toEqual(['amount', 'reason']);
    expect(assembled.tests).toEqual([test1]);
  });

  it('of nothing is a release of nothing', () => {
    expect(assembleRelease([])).toEqual({ policies: [], apis: [], claimed: {}, tests: [] });
    expect(draftRowsOf({ policies: [], apis: [], claimed: {} })).toEqual([]);
  });

  const ids = (prefix: string) =>
    fc.uniqueArray(
      fc.nat(30).map((n) => `${prefix}${n}`),
      { maxLength: 6 },
    );
  const documents: fc.Arbitrary<ReleaseDocument> = fc.record({
    policies: ids('p').map((all) => all.map((id) => ({ id, cedar: `text of ${id}` }))),
    apis: fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), ids('o'), { maxKeys: 2 }).map((byApi) =>
      Object.entries(byApi).flatMap(([id, operations]) =>
        operations.length === 0
          ? []
          : [
              {
                id,
                operations: operations.map((one) => ({
                  id: `${id}.${one}`,
                  method: 'GET',
                  path: `/${one}`,
                  tags: ['t'],
                })),
              },
            ],
      ),
    ),
    claimed: fc.dictionary(
      fc.constantFrom('reason', 'amount', 'urgent', '__proto__'),
      fc.constantFrom('String', 'Long', 'Bool'),
    ),
    tests: ids('t').map((all) => all.map((id) => ({ ...test1, id }))),
  });

  it('property: is the same release again, whatever the order of its rows', () => {
    fc.assert(
      fc.property(documents, fc.infiniteStream(fc.nat()), (document, keys) => {
        const rows = draftRowsOf(document);
        const shuffled = rows
          .map((row) => [keys.next().value, row] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, row]) => row);
        const assembled = assembleRelease(shuffled);
        expect(assembled).toEqual(assembleRelease(rows));
        expect(draftRowsOf(assembled).toSorted(byName)).toEqual(rows.toSorted(byName));
      }),
    );
  });
});

const byName = (a: { kind: string; id: string }, b: { kind: string; id: string }): number =>
  `${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1;
