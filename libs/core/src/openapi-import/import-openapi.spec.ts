import { importOpenApi, type OpenApiTarget } from './import-openapi.ts';

const TARGET: OpenApiTarget = { api: 'orders', resource: 'https://api.example/v1' };

function openApi(paths: object, more: object = {}): object {
  return { openapi: '3.1.0', info: { title: 'Orders', version: '1' }, paths, ...more };
}

function lines(document: unknown, target = TARGET): readonly string[] {
  const imported = importOpenApi(document, target);
  if ('problems' in imported) return imported.problems.map(({ pointer, message }) => `${pointer} ${message}`);
  return imported.operations.map(({ id, method, path, tags }) => [id, method, path, ...tags].join(' '));
}

const refund = { operationId: 'refundOrder', tags: ['Money & More'] };

describe(importOpenApi.name, () => {
  it.each<[string, object, readonly string[]]>([
    [
      'takes the id, slugs the tags',
      openApi({ '/orders/{id}/refund': { post: refund } }),
      ['orders.refundOrder POST /orders/{id}/refund money-more'],
    ],
    [
      'makes an id of method and path',
      openApi({ '/orders/{id}/lines': { get: {}, head: {} } }),
      [
        'orders.get-orders-id-lines GET /orders/{id}/lines',
        'orders.head-orders-id-lines HEAD /orders/{id}/lines',
      ],
    ],
    [
      'keeps an id that begins with the API, and spells others as ids are spelt',
      openApi({ '/a': { get: { operationId: 'orders.list' }, put: { operationId: 'Put it, quickly!' } } }),
      ['orders.Put-it-quickly PUT /a', 'orders.list GET /a'],
    ],
    [
      'spells parameters as templates do',
      openApi({ '/a/{Order-Id}/{X}': { get: { operationId: 'a' } } }),
      ['orders.a GET /a/{order_Id}/{x}'],
    ],
    [
      'reads 3.0, and passes over what says nothing about requests',
      openApi(
        {
          '/a': { summary: 's', description: 'd', parameters: [], 'x-a': 1, get: { operationId: 'a' } },
          'x-b': 1,
        },
        { openapi: '3.0.3', webhooks: { w: { post: {} } } },
      ),
      ['orders.a GET /a'],
    ],
    [
      'follows a reference into its own components',
      openApi(
        { '/a': { $ref: '#/components/pathItems/A' } },
        { components: { pathItems: { A: { get: { operationId: 'a' } } } } },
      ),
      ['orders.a GET /a'],
    ],
    [
      'drops the part of the server that is the identifier, and keeps what is below it',
      openApi(
        {
          '/a': { get: { operationId: 'a' } },
          '/b': { servers: [{ url: '/v1/b' }], get: { operationId: 'b' } },
          '/c': {
            get: { operationId: 'c', servers: [{ url: '{base}/v1', variables: { base: { default: '' } } }] },
          },
        },
        { servers: [{ url: 'https://production.example/v1/' }, { url: 'https://other.example/v9' }] },
      ),
      ['orders.a GET /a', 'orders.b GET /b/b', 'orders.c GET /c'],
    ],
    ['takes no operations', openApi({}), []],
  ])('%s', (_, document, expected) => {
    expect(lines(document)).toEqual(expected);
  });

  it.each<[string, unknown, RegExp]>([
    ['P-03 a list', [], /^# must be an OpenAPI document/],
    ['P-03 null', null, /^# must be an OpenAPI document/],
    ['no version', { paths: {} }, /^#\/openapi /],
    ['Swagger 2', { swagger: '2.0', paths: {} }, /^#\/openapi /],
    ['a version of tomorrow', openApi({}, { openapi: '4.0.0' }), /^#\/openapi /],
    ['no paths', { openapi: '3.1.0' }, /^#\/paths must be an object/],
    ['a path item that is a list', openApi({ '/a': [] }), /^#\/paths\/~1a must be an object/],
    ['an operation that is null', openApi({ '/a': { get: null } }), /^#\/paths\/~1a\/get must be an object/],
    ['TRACE', openApi({ '/a': { trace: {} } }), /^#\/paths\/~1a\/trace is no method/],
    ['a method in capitals', openApi({ '/a': { GET: {} } }), /^#\/paths\/~1a\/GET is no method/],
    ['__proto__', JSON.parse('{"openapi":"3.1.0","paths":{"/a":{"__proto__":{}}}}'), /is no method/],
    [
      'a reference elsewhere',
      openApi({ '/a': { $ref: 'https://evil.example/a' } }),
      /\$ref must be a path item/,
    ],
    [
      'a reference to nothing',
      openApi({ '/a': { $ref: '#/components/pathItems/toString' } }),
      /\$ref must be/,
    ],
    ['an id that is no text', openApi({ '/a': { get: { operationId: 5 } } }), /operationId must be a string/],
    [
      'an id without a letter',
      openApi({ '/a': { get: { operationId: '!!' } } }),
      /its id must be a string like/,
    ],
    [
      'P-09 a wildcard',
      openApi({ '/{rest+}/*': { get: {}, put: { operationId: 'p' } } }),
      /names? .*|its path/,
    ],
    ['a parameter inside a segment', openApi({ '/{id}.json': { get: {} } }), /its path \/\{id\}\.json is no/],
    ['a query', openApi({ '/a?b=c': { get: {} } }), /its path \/a\?b=c is no/],
    ['two parameters of one spelling', openApi({ '/{a-b}/{a_b}': { get: {} } }), /its path/],
    ['a dot segment', openApi({ '/a/../b': { get: {} } }), /its path must be in canonical form/],
    [
      'two paths for the same requests',
      openApi({ '/{a}': { get: {} }, '/{b}': { get: {} } }),
      /its path matches the same requests as/,
    ],
    [
      'an id twice',
      openApi({ '/a': { get: { operationId: 'x' }, put: { operationId: 'x' } } }),
      /its id orders\.x is in the catalog twice/,
    ],
    ['tags that are no texts', openApi({ '/a': { get: { tags: [1] } } }), /tags must be a list/],
    ['a server elsewhere', openApi({ '/a': { get: {} } }, { servers: [{ url: '/v2' }] }), /not below https:/],
    [
      'a server that is a neighbour',
      openApi({ '/a': { get: {} } }, { servers: [{ url: '/v12' }] }),
      /not below/,
    ],
    ['a server that is no URL', openApi({ '/a': { get: {} } }, { servers: [{ url: 'ftp:x' }] }), /is no URL/],
  ])('refuses %s', (_, document, expected) => {
    expect(lines(document).join('\n')).toMatch(expected);
    expect('problems' in importOpenApi(document, TARGET)).toBe(true);
  });

  it('does not guess what the paths of an API are below that is not registered', () => {
    const unknown = { api: 'orders', resource: null };
    const document = openApi({ '/a': { get: { operationId: 'a' } } }, { servers: [{ url: '/v1' }] });
    expect(lines(document, unknown)).toEqual([expect.stringContaining('is not registered')]);
    expect(lines(openApi({ '/a': { get: { operationId: 'a' } } }), unknown)).toEqual(['orders.a GET /a']);
  });

  it('P-07 refuses more operations than a catalog holds, and names without end, at once', () => {
    const paths = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`/a${at}`, { get: {} }]));
    const started = Date.now();
    expect(lines(openApi(paths))).toEqual(['#/paths must have at most 1000 operations in all']);
    const long = '-'.repeat(500_000);
    expect(lines(openApi({ [`/${long}`]: { get: {} } }))).toHaveLength(1);
    expect(lines(openApi({ '/a': { get: { operationId: long, tags: [long] } } }))).toHaveLength(2);
    expect(Date.now() - started).toBeLessThan(2000);
  });
});
