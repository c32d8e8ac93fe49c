import { ADMIN_API, cedarSchemaOf, SHIPPED_POLICIES, type CatalogApi, type CatalogOperation } from '#core';
import { validate } from './engine.ts';
import { representativeOperations } from './representative-operations.ts';

const read = (id: string, path: string, ...tags: string[]): CatalogOperation => ({
  id,
  method: 'GET',
  path,
  tags,
});

const shop: CatalogApi = {
  id: 'shop',
  operations: [
    read('a', '/a'),
    read('b', '/b', 'quiet'),
    read('c', '/c/{id}'),
    read('d', '/d/{id}', 'quiet'),
    read('e', '/e/{id}/{part}'),
    read('f', '/f/{part}/{id}'),
  ],
};

it.each<{ name: string; named: readonly string[]; kept: readonly string[] }>([
  { name: 'operations with the same parameters are one kind', named: [], kept: ['a', 'c', 'e'] },
  { name: 'a group that is named divides them', named: ['tag:quiet'], kept: ['a', 'b', 'c', 'd', 'e'] },
  { name: 'a group that all belong to does not', named: ['api:shop'], kept: ['a', 'c', 'e'] },
  { name: 'an operation that is named stays', named: ['f', 'd'], kept: ['a', 'c', 'd', 'e', 'f'] },
])('$name', ({ named, kept }) => {
  expect(representativeOperations(shop, new Set(named)).map(({ id }) => id)).toEqual(kept);
});

/** Ids of the policies that Cedar finds anything about. */
function faulty(operations: readonly CatalogOperation[], cedar: string): readonly boolean[] {
  const answer = validate({
    validationSettings: { mode: 'strict' },
    schema: cedarSchemaOf([{ ...ADMIN_API, operations }], {}),
    policies: { staticPolicies: { it: cedar } },
  });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  return [answer.validationErrors.length > 0, answer.validationWarnings.length > 0];
}

const scope = (condition: string): string => `permit(principal, action, resource) when { ${condition} };`;

it.each<readonly [string, string, readonly string[]]>([
  ...SHIPPED_POLICIES.map(({ id, cedar }) => [`of ${id}`, cedar, namesIn(cedar)] as const),
  ['of a parameter that some operations have', scope('context.operation.params.id == "1"'), []],
  ['of one that it asks for first', scope('context.operation.params has id'), []],
  ['of an attribute that nothing has', scope('context.device.colour == "red"'), []],
  ['of a type that is another', scope('context.device.known == "yes"'), []],
  ['of what can never be', scope('context.device.known && !context.device.known'), []],
])('Cedar says the same %s, whether it sees all operations or one of each kind', (_name, cedar, named) => {
  const kinds = representativeOperations(ADMIN_API, new Set(named));
  expect(kinds.length).toBeLessThan(ADMIN_API.operations.length / 2);
  expect(faulty(kinds, cedar)).toEqual(faulty(ADMIN_API.operations, cedar));
});

function namesIn(cedar: string): readonly string[] {
  return [...cedar.matchAll(/Action::"([^"]+)"/g)].map(([, id = '']) => id);
}
