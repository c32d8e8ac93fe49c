import fc from 'fast-check';
import { catalogProblems } from '../policy/catalog-problems.ts';
import { compileCatalog, type CatalogOperation } from './catalog.ts';
import { matchPath, parametersOf, readPathTemplate } from './path-template.ts';

const operation = (id: string, method: string, path: string): CatalogOperation => ({
  id,
  method,
  path,
  tags: [],
});

describe('readPathTemplate', () => {
  test('reads literals and parameters', () => {
    const template = readPathTemplate('/orders/{id}/lines/{lineNo}');
    expect(template?.segments).toEqual([
      { literal: 'orders' },
      { parameter: 'id' },
      { literal: 'lines' },
      { parameter: 'lineNo' },
    ]);
    expect(template === null ? [] : parametersOf(template)).toEqual(['id', 'lineNo']);
  });

  test.each([
    ['a relative path', 'orders'],
    ['nothing', ''],
    ['a parameter twice', '/{id}/{id}'],
    ['a parameter inside a segment', '/orders-{id}'],
    ['two parameters in one segment', '/{a}{b}'],
    ['an empty parameter', '/{}'],
    ['a parameter in capitals', '/{Id}'],
    ['J-34 a parameter called __proto__', '/{__proto__}'],
    ['a parameter with a pattern', '/{id:.*}'],
    ['a wildcard for the rest', '/{id+}'],
    ['an open brace', '/{id'],
    ['a query', '/orders?x'],
    ['a fragment', '/orders#x'],
    ['I-30 a matrix parameter', '/orders;x'],
    ['I-30 a backslash', '/orders\\x'],
    ['a blank', '/or ders'],
    ['a letter outside ASCII', '/\u00e4'],
    ['513 characters', `/${'a'.repeat(512)}`],
  ])('refuses %s', (_, text) => {
    expect(readPathTemplate(text)).toBeNull();
  });
});

describe('matchPath', () => {
  const match = (template: string, path: string) => {
    const read = readPathTemplate(template);
    if (read === null) throw new Error(`no template: ${template}`);
    return matchPath(read, path);
  };

  test.each([
    ['/orders/{id}/refund', '/orders/42/refund', { id: '42' }],
    ['/orders', '/orders', {}],
    ['/orders/', '/orders/', {}],
    ['/', '/', {}],
    ['/{constructor}', '/x', { constructor: 'x' }],
    ['/{id}', '/a%2Fb', { id: 'a%2Fb' }],
  ])('%s matches %s', (template, path, parameters) => {
    expect(match(template, path)).toEqual(parameters);
  });

  test.each([
    ['/orders/{id}', '/orders/'],
    ['/orders/{id}', '/orders'],
    ['/orders/{id}', '/orders/42/'],
    ['/orders/{id}', '/orders/42/refund'],
    ['/orders/{id}', '/Orders/42'],
    ['/orders/{id}', '/orders%2F42'],
    ['/orders', '/orders/'],
    ['/orders/', '/orders'],
    ['/', '/x'],
  ])('%s does not match %s', (template, path) => {
    expect(match(template, path)).toBeNull();
  });
});

describe('compileCatalog', () => {
  const orders = [
    operation('orders.read', 'GET', '/orders/{id}'),
    operation('orders.new', 'GET', '/orders/new'),
    operation('orders.create', 'POST', '/orders'),
    operation('any.new', 'GET', '/{kind}/new'),
    operation('any.read', 'GET', '/{kind}/{id}'),
  ];

  test.each([
    ['GET', '/orders/42', 'orders.read', { id: '42' }],
    ['GET', '/orders/new', 'orders.new', {}],
    ['GET', '/bills/new', 'any.new', { kind: 'bills' }],
    ['GET', '/bills/7', 'any.read', { kind: 'bills', id: '7' }],
    ['POST', '/orders', 'orders.create', {}],
  ])('%s %s is %s, in whatever order they are registered', (method, path, id, parameters) => {
    for (const operations of [orders, [...orders].reverse()]) {
      const matched = compileCatalog([{ id: 'orders', operations }]).match('orders', method, path);
      expect(matched?.operation.id).toBe(id);
      expect(matched?.parameters).toEqual(parameters);
    }
  });

  test.each([
    ['D9 HEAD where there is GET', 'orders', 'HEAD', '/orders/42'],
    ['I-20 a method in lower case', 'orders', 'get', '/orders/42'],
    ['another API', 'billing', 'GET', '/orders/42'],
    ['an API that every object has', 'constructor', 'GET', '/orders/42'],
    ['an API and a method that run together', 'orders GET', '', '/orders/42'],
    ['I-26 another case', 'orders', 'POST', '/Orders'],
    ['a path that is not there', 'orders', 'POST', '/orders/1/2'],
  ])('finds nothing for %s', (_, api, method, path) => {
    expect(compileCatalog([{ id: 'orders', operations: orders }]).match(api, method, path)).toBeNull();
  });

  test('fails for a template that cannot be read and for an id that is used twice', () => {
    const compile =
      (...operations: CatalogOperation[]) =>
      () =>
        compileCatalog([{ id: 'a', operations }]);
    expect(compile(operation('x', 'GET', 'x'))).toThrow('x');
    expect(compile(operation('x', 'GET', '/x'), operation('x', 'GET', '/y'))).toThrow('twice');
  });

  test('property: what is not ambiguous is found in any order', () => {
    const path = fc.array(fc.constantFrom('a', 'b', '{p}'), { minLength: 1, maxLength: 3 }).map((parts) => {
      return `/${parts.map((part, at) => (part === '{p}' ? `{p${at}}` : part)).join('/')}`;
    });
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 8 }), path, (paths, asked) => {
        const operations = paths.map((one, at) => operation(`o${at}`, 'GET', one));
        expect(catalogProblems([{ id: 'a', operations }], {})).toEqual([]);
        const real = asked.replaceAll(/[{}]/g, '');
        const [one, other] = [operations, [...operations].reverse()].map(
          (list) => compileCatalog([{ id: 'a', operations: list }]).match('a', 'GET', real)?.operation.id,
        );
        expect(one).toBe(other);
      }),
    );
  });
});

describe('catalogProblems finds what would never be found', () => {
  test.each([
    ['two templates that match the same requests', ['/orders/{id}', '/orders/{number}']],
    ['an escaped letter', ['/us%65rs']],
    ['I-29 hex in lower case', ['/a%2fb']],
    ['I-28 a dot segment', ['/a/../b']],
    ['I-28 an empty segment', ['/a//b']],
    ['I-29 a broken escape', ['/a%zz']],
  ])('%s', (_, paths) => {
    const operations = paths.map((path, at) => operation(`o${at}`, 'GET', path));
    expect(catalogProblems([{ id: 'a', operations }], {})).toHaveLength(1);
  });

  test('a method that no request has', () => {
    expect(catalogProblems([{ id: 'a', operations: [operation('o', 'get', '/a')] }], {})).toHaveLength(1);
    expect(catalogProblems([{ id: 'a', operations: [operation('o', 'GET', '/a')] }], {})).toEqual([]);
  });
});
