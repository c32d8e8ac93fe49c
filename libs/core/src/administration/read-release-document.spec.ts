import { readPolicySource, readReleaseDocument } from './read-release-document.ts';

const GOOD = {
  policies: [
    { id: 'b', cedar: 'permit (principal, action, resource);' },
    { id: 'a', cedar: 'x' },
  ],
  tests: [],
  apis: [{ id: 'orders', operations: [{ id: 'orders.read', method: 'GET', path: '/orders' }] }],
  claimed: { reason: 'String' },
};

const deep = JSON.parse(`${'['.repeat(1000)}${']'.repeat(1000)}`) as unknown;

it('reads a document into the order of drafts', () => {
  const read = readReleaseDocument(GOOD);
  expect(read).toMatchObject({
    document: { policies: [{ id: 'a' }, { id: 'b' }], claimed: { reason: 'String' } },
  });
  expect(readReleaseDocument({ policies: [], apis: [] })).toEqual({
    document: { policies: [], apis: [], claimed: {}, tests: [] },
  });
});

it.each<[string, unknown, string]>([
  ['P-03 a list', [], '#'],
  ['P-05 an unknown member', { ...GOOD, efect: 'deny' }, '#/efect'],
  [
    'P-05 an unknown member of a policy',
    { ...GOOD, policies: [{ id: 'a', cedar: 'x', efect: 1 }] },
    '#/policies/0/efect',
  ],
  ['a missing member', { policies: [] }, '#/apis'],
  ['P-03 an object for a list', { ...GOOD, policies: {} }, '#/policies'],
  ['an id with a slash', { ...GOOD, policies: [{ id: '../a', cedar: 'x' }] }, '#/policies/0/id'],
  [
    'an id twice',
    {
      ...GOOD,
      policies: [
        { id: 'a', cedar: 'x' },
        { id: 'a', cedar: 'y' },
      ],
    },
    '#/policies/1/id',
  ],
  ['an empty text', { ...GOOD, policies: [{ id: 'a', cedar: '' }] }, '#/policies/0/cedar'],
  [
    'P-07 a text without end',
    { ...GOOD, policies: [{ id: 'a', cedar: 'x'.repeat(16_385) }] },
    '#/policies/0/cedar',
  ],
  [
    'P-07 100000 policies',
    { ...GOOD, policies: Array.from({ length: 100_000 }, () => ({ id: 'a', cedar: 'x' })) },
    '#/policies',
  ],
  ['P-07 a million tests', { ...GOOD, tests: Array.from({ length: 1_000_000 }, () => ({})) }, '#/tests'],
  ['P-07 a depth of 1000', { ...GOOD, apis: deep }, '#/apis/0'],
  ['a catalog that cannot be', { ...GOOD, apis: [{ id: 'oncekey-admin', operations: [] }] }, '#/apis/0/id'],
  ['a test that cannot be read', { ...GOOD, tests: [{ id: 'x' }] }, '#/tests/0/name'],
  ['an attribute of no type', { ...GOOD, claimed: { a: 'Decimal' } }, '#/claimed/a'],
])('refuses %s', (_, value, pointer) => {
  const read = readReleaseDocument(value);
  const pointers = 'problems' in read ? read.problems.map((problem) => problem.pointer) : [];
  expect(pointers).toContain(pointer);
});

it('reads one policy', () => {
  expect(readPolicySource({ id: 'a', cedar: 'x' })).toEqual({ policy: { id: 'a', cedar: 'x' } });
  expect(readPolicySource({ id: 'a', cedar: 'x', owner: 'me' })).toMatchObject({
    problems: [{ pointer: '#/owner' }],
  });
});
