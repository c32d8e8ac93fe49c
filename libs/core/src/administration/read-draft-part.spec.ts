import { readContextAttribute, readOperation } from './read-draft-part.ts';

const OPERATION = { id: 'orders.read', api: 'orders', method: 'GET', path: '/orders/{id}', tags: ['read'] };

const pointersOf = (read: object): readonly string[] =>
  'problems' in read ? (read.problems as { pointer: string }[]).map(({ pointer }) => pointer) : [];

it('reads an operation; tags may be absent', () => {
  expect(readOperation(OPERATION)).toEqual({ operation: OPERATION });
  const { tags: _, ...untagged } = OPERATION;
  expect(readOperation(untagged)).toEqual({ operation: { ...untagged, tags: [] } });
});

it.each<[string, object, string]>([
  ['an operation of the admin API', { api: 'oncekey-admin' }, '#/api'],
  ['an id of the admin API', { id: 'admin.policies.create' }, '#/id'],
  ['no API', { api: undefined }, '#/api'],
  ['P-05 an unknown member', { efect: 'deny' }, '#/efect'],
  ['P-05 a method that no request has', { method: 'get' }, '#/method'],
  ['P-20 an id that is a list', { id: [] }, '#/id'],
  ['a path with a wildcard', { path: '/{id+}' }, '#/path'],
  ['tags that are no list', { tags: 'read' }, '#/tags'],
])('refuses %s', (_, change, pointer) => {
  expect(pointersOf(readOperation({ ...OPERATION, ...change }))).toContain(pointer);
});

it('reads a context attribute', () => {
  expect(readContextAttribute({ name: 'reason', type: 'String' })).toEqual({
    attribute: { name: 'reason', type: 'String' },
  });
});

it.each<[string, object, string]>([
  ['a type that Cedar does not have here', { type: 'Decimal' }, '#/type'],
  ['a name with a dot', { name: 'a.b' }, '#/name'],
  ['P-05 an unknown member', { required: true }, '#/required'],
])('refuses %s', (_, change, pointer) => {
  expect(pointersOf(readContextAttribute({ name: 'reason', type: 'String', ...change }))).toContain(pointer);
});
