import { readListQuery } from './list-query.ts';

const read = (query: string) => readListQuery({ originalUrl: `/admin/v1/clients${query}` }, ['api', 'tag']);

describe(readListQuery.name, () => {
  it.each([
    ['', { limit: 50, after: null, filter: {} }],
    ['?', { limit: 50, after: null, filter: {} }],
    ['?limit=1', { limit: 1, after: null, filter: {} }],
    ['?limit=200&cursor=YQ', { limit: 200, after: 'YQ', filter: {} }],
    ['?api=orders&tag=a%20b', { limit: 50, after: null, filter: { api: 'orders', tag: 'a b' } }],
    ['?api=', { limit: 50, after: null, filter: { api: '' } }],
    ['?api=%27%20OR%20%271%27=%271', { limit: 50, after: null, filter: { api: "' OR '1'='1" } }],
  ])('%p is read', (query, expected) => {
    expect(read(query)).toEqual(expected);
  });

  it.each([
    '?limit=0',
    '?limit=-1',
    '?limit=1.5',
    '?limit=1e2',
    '?limit=201',
    '?limit=1000000000',
    '?limit=',
    '?limit=%201',
    '?limit=01',
    '?limit[]=1',
    '?limit=1&limit=1',
    '?limit=1&LIMIT=2',
    '?api=a&api=b',
    '?api[]=a',
    '?sort=id',
    '?filter=1',
    '?fields=id',
    '?search=pg_sleep(5)',
    '?order=id;DROP%20TABLE%20client',
    '?__proto__=1',
    '?constructor=1',
    '?api=%00',
    '?api=%ff',
    `?api=${'a'.repeat(2049)}`,
    '?=1',
  ])('P-21, P-23: %p is malformed', (query) => {
    expect(() => read(query)).toThrow(expect.objectContaining({ reason: 'admin.malformed' }));
  });

  it.each(['?cursor=', '?cursor=a%20b', "?cursor='", '?cursor=%00', `?cursor=${'a'.repeat(2049)}`])(
    'P-22: %p is no cursor of ours',
    (query) => {
      expect(() => read(query)).toThrow(
        expect.objectContaining({ reason: expect.stringMatching(/bad_cursor|malformed/) }),
      );
    },
  );
});
