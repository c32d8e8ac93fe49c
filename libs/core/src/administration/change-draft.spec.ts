import type { DraftRow } from '../policy/draft.ts';
import type { PolicyProblem, ReleaseDocument } from '../policy/release.ts';
import { changeDraft, draftRow, problemsOfRow } from './change-draft.ts';

const DRAFT: ReleaseDocument = {
  policies: [
    { id: 'a', cedar: 'A' },
    { id: 'b', cedar: 'B' },
  ],
  apis: [
    {
      id: 'orders',
      operations: [
        { id: 'orders.list', method: 'GET', path: '/orders', tags: [] },
        { id: 'orders.read', method: 'GET', path: '/orders/{id}', tags: [] },
      ],
    },
  ],
  claimed: { a: 'String' },
};

const policy = (id: string, cedar: string): DraftRow => ({ kind: 'policy', id, document: { id, cedar } });
const problem = (where: string): PolicyProblem => ({
  policy: where,
  message: 'is wrong',
  line: 1,
  column: 2,
  suggestion: null,
});

it('finds, adds, replaces and removes a row, and nothing of the same name in another part', () => {
  expect(draftRow(DRAFT, { kind: 'policy', id: 'a' })).toEqual(policy('a', 'A'));
  expect(draftRow(DRAFT, { kind: 'policy_test', id: 'a' })).toBeNull();
  const replaced = changeDraft(DRAFT, { kind: 'policy', id: 'a' }, policy('a', 'C'));
  expect(replaced).toEqual({ ...DRAFT, tests: [], policies: [{ id: 'a', cedar: 'C' }, DRAFT.policies[1]] });
  expect(changeDraft(DRAFT, { kind: 'policy', id: 'c' }, policy('c', 'C')).policies).toHaveLength(3);
  const removed = changeDraft(DRAFT, { kind: 'policy', id: 'a' }, null);
  expect([removed.policies.length, removed.claimed]).toEqual([1, { a: 'String' }]);
});

it.each<[string, Pick<DraftRow, 'kind' | 'id'>, string, string | null]>([
  ['its own', { kind: 'policy', id: 'a' }, 'a', 'is wrong'],
  ['too many policies', { kind: 'policy', id: 'a' }, 'policies', 'is wrong'],
  ["another policy's", { kind: 'policy', id: 'a' }, 'b', null],
  ['a policy that names an operation', { kind: 'operation', id: 'orders.read' }, 'a', null],
  ['anything about a test', { kind: 'policy_test', id: 'a' }, 'a', null],
  ['its path', { kind: 'operation', id: 'orders.read' }, 'catalog#/apis/0/operations/1/path', 'is wrong'],
  [
    'the path of one that it is now the same as',
    { kind: 'operation', id: 'orders.read' },
    'catalog#/apis/0/operations/0/path',
    'orders.list: its path is wrong',
  ],
  ['too many attributes', { kind: 'context_attribute', id: 'a' }, 'catalog#/claimed', 'is wrong'],
])('a change answers for %s, or not', (_, row, where, detail) => {
  const details = problemsOfRow(row, [problem(where)], DRAFT).map((one) => one.detail);
  expect(details).toEqual(detail === null ? [] : [detail]);
});
