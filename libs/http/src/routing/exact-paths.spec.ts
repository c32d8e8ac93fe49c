import { ExactPaths, NOWHERE } from './exact-paths.ts';

const paths = new ExactPaths([
  { route: '/token', path: '/t1/token', methods: ['POST'], refusesQuery: true },
  { route: '/livez', path: '/livez', methods: ['GET'], refusesQuery: false },
]);

describe(ExactPaths.name, () => {
  it.each([
    ['/t1/token', '/token'],
    ['/t1/token?a=b', '/token'],
    ['/livez', '/livez'],
    ['/livez?', '/livez'],
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
  ])('%p is nowhere', (target) => {
    expect(paths.routeOf(target)).toBe(NOWHERE);
  });

  it('knows nothing of nowhere', () => {
    expect(paths.served(NOWHERE)).toBeNull();
    expect(paths.served('/token')?.methods).toEqual(['POST']);
  });
});
