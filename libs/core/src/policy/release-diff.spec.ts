import { assembleRelease, draftRowsOf } from './draft.ts';
import { diffReleases, isEmptyDiff, type ReleaseDiff } from './release-diff.ts';
import type { PolicyTest } from './policy-test.ts';
import type { ReleaseDocument } from './release.ts';

const refund = { id: 'orders.refund', method: 'POST', path: '/orders/{id}/refund', tags: ['write', 'money'] };
const list = { id: 'orders.list', method: 'GET', path: '/orders', tags: [] };
const refundWorks: PolicyTest = {
  id: 'refund-works',
  name: 'Support may refund.',
  principal: { issuer: 'https://idp.example', subject: 'ada', groups: ['support'] },
  operation: 'orders.refund',
  time: '2026-01-31T09:30:00Z',
  expect: { decision: 'permit' },
};
const before: Required<ReleaseDocument> = {
  policies: [
    { id: 'a', cedar: 'permit(principal, action, resource);' },
    { id: 'b', cedar: 'forbid(principal, action, resource);' },
  ],
  apis: [
    { id: 'orders', operations: [refund, list] },
    { id: 'billing', operations: [] },
  ],
  claimed: { reason: 'String' },
  tests: [refundWorks],
};
const nothing = { added: [], removed: [], changed: [] };
const NOTHING: ReleaseDiff = { policies: nothing, operations: nothing, claimed: nothing, tests: nothing };

describe('diffReleases', () => {
  it.each<{ name: string; after: Partial<ReleaseDocument>; diff: Partial<ReleaseDiff> }>([
    { name: 'nothing in the same release', after: {}, diff: {} },
    {
      name: 'policies that come, go and change',
      after: {
        policies: [
          { id: 'd', cedar: '' },
          { id: 'c', cedar: '' },
          { id: 'a', cedar: 'permit(principal, action, resource) ;' },
        ],
      },
      diff: { policies: { added: ['c', 'd'], removed: ['b'], changed: ['a'] } },
    },
    {
      name: 'an operation with another path',
      after: { apis: [{ id: 'orders', operations: [{ ...refund, path: '/refund' }, list] }] },
      diff: { operations: { ...nothing, changed: ['orders.refund'] } },
    },
    {
      name: 'an operation that moves to another API',
      after: {
        apis: [
          { id: 'orders', operations: [list] },
          { id: 'billing', operations: [refund] },
        ],
      },
      diff: { operations: { ...nothing, changed: ['orders.refund'] } },
    },
    {
      name: 'no operation whose tags are in another order',
      after: {
        apis: [{ id: 'orders', operations: [list, { ...refund, tags: ['money', 'write', 'money'] }] }],
      },
      diff: {},
    },
    {
      name: 'an operation with a tag less',
      after: { apis: [{ id: 'orders', operations: [list, { ...refund, tags: ['money'] }] }] },
      diff: { operations: { ...nothing, changed: ['orders.refund'] } },
    },
    {
      name: 'attributes',
      after: { claimed: { reason: 'Long', amount: 'Long' } },
      diff: { claimed: { added: ['amount'], removed: [], changed: ['reason'] } },
    },
    {
      name: 'no test whose members are in another order',
      after: {
        tests: [
          {
            expect: refundWorks.expect,
            time: refundWorks.time,
            principal: { groups: ['support'], subject: 'ada', issuer: 'https://idp.example' },
            operation: refundWorks.operation,
            name: refundWorks.name,
            id: refundWorks.id,
          },
        ],
      },
      diff: {},
    },
    {
      name: 'a test with another expectation',
      after: { tests: [{ ...refundWorks, expect: { decision: 'deny' } }] },
      diff: { tests: { ...nothing, changed: ['refund-works'] } },
    },
  ])('finds $name', ({ after, diff }) => {
    const found = diffReleases(before, { ...before, ...after });
    expect(found).toEqual({ ...NOTHING, ...diff });
    expect(isEmptyDiff(found)).toBe(Object.keys(diff).length === 0);
  });

  it('finds everything new before the first release', () => {
    expect(diffReleases(null, before)).toEqual({
      policies: { ...nothing, added: ['a', 'b'] },
      operations: { ...nothing, added: ['orders.list', 'orders.refund'] },
      claimed: { ...nothing, added: ['reason'] },
      tests: { ...nothing, added: ['refund-works'] },
    });
  });

  it('finds nothing between a release and the draft that it becomes', () => {
    expect(diffReleases(before, assembleRelease(draftRowsOf(before)))).toEqual(NOTHING);
  });

  it('takes a release without tests for one that lists none', () => {
    const { policies, apis, claimed } = before;
    expect(diffReleases({ policies, apis, claimed }, { ...before, tests: [] })).toEqual(NOTHING);
  });
});
