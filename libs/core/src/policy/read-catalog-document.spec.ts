import { readCatalogDocument } from './read-catalog-document.ts';

const read = { id: 'orders.read', method: 'GET', path: '/orders/{id}', tags: ['read'] };
const withOperations = (...operations: object[]): unknown => ({ apis: [{ id: 'orders', operations }] });

function pointersOf(value: unknown): readonly string[] {
  const result = readCatalogDocument(value);
  return 'problems' in result ? result.problems.map(({ pointer }) => pointer) : [];
}

describe('readCatalogDocument', () => {
  it('reads a catalog, and fills in what may be left out', () => {
    expect(readCatalogDocument(withOperations({ ...read, tags: undefined }))).toEqual({
      apis: [{ id: 'orders', operations: [{ ...read, tags: [] }] }],
      claimed: {},
    });
    expect(readCatalogDocument({ apis: [], claimed: { reason: 'String' } })).toEqual({
      apis: [],
      claimed: { reason: 'String' },
    });
  });

  it.each<{ name: string; value: unknown; pointers: string[] }>([
    { name: 'nothing', value: null, pointers: ['#', '#/apis'] },
    { name: 'a list', value: [], pointers: ['#', '#/apis'] },
    { name: 'an unknown member', value: { apis: [], policies: [] }, pointers: ['#/policies'] },
    {
      name: 'an unknown member of an operation',
      value: withOperations({ ...read, scope: 'x' }),
      pointers: ['#/apis/0/operations/0/scope'],
    },
    {
      name: 'a number for a name',
      value: withOperations({ ...read, id: 5 }),
      pointers: ['#/apis/0/operations/0/id'],
    },
    { name: 'an object for a list', value: { apis: {} }, pointers: ['#/apis'] },
    {
      name: 'an operation that would pass for a group',
      value: withOperations({ ...read, id: 'tag:read' }),
      pointers: ['#/apis/0/operations/0/id'],
    },
    {
      name: 'a quote in an id',
      value: withOperations({ ...read, id: 'a"b' }),
      pointers: ['#/apis/0/operations/0/id'],
    },
    {
      name: 'a method in lower case',
      value: withOperations({ ...read, method: 'get' }),
      pointers: ['#/apis/0/operations/0/method'],
    },
    {
      name: 'a template that cannot be read',
      value: withOperations({ ...read, path: '/orders/{id' }),
      pointers: ['#/apis/0/operations/0/path'],
    },
    {
      name: 'a template with dot segments',
      value: withOperations({ ...read, path: '/a/../orders' }),
      pointers: ['#/apis/0/operations/0/path'],
    },
    {
      name: 'a template that no canonical path matches',
      value: withOperations({ ...read, path: '/%7Eorders' }),
      pointers: ['#/apis/0/operations/0/path'],
    },
    {
      name: 'an operation twice',
      value: withOperations(read, { ...read, path: '/other' }),
      pointers: ['#/apis/0/operations/1/id'],
    },
    {
      name: 'an operation that another one hides',
      value: withOperations(read, { ...read, id: 'b', path: '/orders/{number}' }),
      pointers: ['#/apis/0/operations/1/path'],
    },
    {
      name: 'an API twice',
      value: {
        apis: [
          { id: 'a', operations: [] },
          { id: 'a', operations: [] },
        ],
      },
      pointers: ['#/apis/1/id'],
    },
    {
      name: 'a claim of an unknown type',
      value: { apis: [], claimed: { reason: 'Decimal' } },
      pointers: ['#/claimed/reason'],
    },
    {
      name: 'a claim with a name of its own mind',
      value: { apis: [], claimed: JSON.parse('{"__proto__": "String"}') as unknown },
      pointers: ['#/claimed'],
    },
    {
      name: 'too many operations',
      value: withOperations(
        ...Array.from({ length: 1001 }, (_, at) => ({ ...read, id: `o${at}`, path: `/o/${at}` })),
      ),
      pointers: ['#/apis'],
    },
  ])('refuses $name', ({ value, pointers }) => {
    expect(pointersOf(value)).toEqual(pointers);
  });

  it('lets two operations differ by method, and a literal stand beside a parameter', () => {
    const document = withOperations(
      read,
      { ...read, id: 'b', method: 'DELETE' },
      { ...read, id: 'c', path: '/orders/new' },
    );
    expect(pointersOf(document)).toEqual([]);
  });
});
