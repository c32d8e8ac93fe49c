import { ADMIN_OPERATIONS, ADMIN_PREFIX } from '#core';
import type { ServedPath } from '#http';

export const ROUTES = {
  livez: '/livez',
  readyz: '/readyz',
  openapi: '/openapi.json',
  enrolment: `${ADMIN_PREFIX}/enrolment`,
} as const;

const FOR_OPERATORS = [ROUTES.livez, ROUTES.readyz, ROUTES.openapi].map((route) => ({
  route,
  path: route,
  methods: ['GET', 'HEAD'],
  refusesQuery: false,
}));

/** GETs that are narrowed by parameters: lists and reports. */
const TAKES_QUERY = /\.(?:list|search|export|unused)$/;

/**
 * Where everything is found: what operators ask for at the root, the API below its public URL. What is served is what
 * the catalog has, so that there is no call without an operation that policies decide about. HEAD is not served there:
 * a token is for the method that it names.
 */
export function servedPaths(adminUrl: string): readonly ServedPath[] {
  const { pathname } = new URL(adminUrl);
  const base = pathname === '/' ? '' : pathname;
  const called = ADMIN_OPERATIONS.filter(({ tags }) => !tags.includes('admin-right'));
  const api = [...new Set(called.map(({ path }) => path))].map((route) => {
    const operations = called.filter(({ path }) => path === route);
    return {
      route,
      path: `${base}${route}`,
      methods: operations.map(({ method }) => method),
      refusesQuery: !operations.some(({ id }) => TAKES_QUERY.test(id)),
    };
  });
  const enrolment = {
    route: ROUTES.enrolment,
    path: `${base}${ROUTES.enrolment}`,
    methods: ['POST'],
    refusesQuery: true,
  };
  return [...FOR_OPERATORS, ...api, enrolment];
}
