import { ExactPaths, NOWHERE } from './exact-paths.ts';

const paths = new ExactPaths([
  { route: '/token', path: '/t1/token', methods: ['POST'], refusesQuery: true },
  { route: '/ask', path: '/t1/ask', methods: ['GET'], refusesQuery: false, withBelow: true },
  { route: '/livez', path: '/livez', methods: ['GET'], refusesQuery: false },
  { route: '/things', path: '/t1/things', methods: ['GET'], refusesQuery: false },
  { route: '/things/live', path: '/t1/things/live', methods: ['GET'], refusesQuery: false },
  { route: '/things/{id}', path: '/t1/things/{id}', methods: ['GET', 'PUT'], refusesQuery: true },
  { route: '/things/{id}/parts', path: '/t1/things/{id}/parts', methods: ['POST'], refusesQuery: true },
]);

describe(ExactPaths.name, () => {
  it.each([
    ['/t1/token', '/token'],
    ['/t1/token?a=b', '/token'],
    ['/t1/ask', '/ask'],
    ['/t1/ask/a/../%2f?x=1', '/ask'],
    ['/livez', '/livez'],
    ['/livez?', '/livez'],
    ['/t1/things?limit=1', '/things'],
    ['/t1/things/live', '/things/live'],
    ['/t1/things/a-b_c.1~', '/things/a-b_c.1~'],
    ['/t1/things/a%3Ab?x=1', '/things/a%3Ab'],
    ['/t1/things/%C3%A4', '/things/%C3%A4'],
    ['/t1/things/7/parts', '/things/7/parts'],
  ])('%s is %s', (target, route) => {
    expect(paths.routeOf(target)).toBe(route);
  });

  it.each([
    '/token',
    '/T1/token',
    '/t1/token/',
    '//t1/token',
    '/t1//token',
    '/t1/%74oken',
    '/t1/token;x',
    '*',
    '',
    '/-',
    'https://a/t1/token',
    '/t1/./token',
    '/t1/token#a',
    '/t1/token%3fa',
    '/things/7',
    '/t1/things/',
    '/t1/things/7/',
    '/t1/things//parts',
    '/t1/things/%00',
    '/t1/things/a%2Fb',
    '/t1/things/a%2fb',
    '/t1/things/a%5Cb',
    '/t1/things/%61',
    '/t1/things/a%3ab',
    '/t1/things/a:b',
    '/t1/things/%',
    '/t1/things/%zz',
    '/t1/things/%ff',
    '/t1/things/.',
    '/t1/things/..',
    '/t1/things/%2E%2E',
    '/t1/things/a b',
    '/t1/things/{id}',
    '/t1/things/7/Parts',
    '/t1/thing%73/7',
  ])('%p is nowhere', (target) => {
    expect(paths.routeOf(target)).toBe(NOWHERE);
  });

  it('knows nothing of nowhere', () => {
    expect(paths.served(NOWHERE)).toBeNull();
    expect(paths.served('/token')?.methods).toEqual(['POST']);
  });

  it('knows a route with its parameters', () => {
    expect(paths.served('/things/a%3Ab')?.methods).toEqual(['GET', 'PUT']);
    expect(paths.served('/things/7/parts')?.route).toBe('/things/{id}/parts');
    expect(paths.served('/things/7/others')).toBeNull();
  });
});
