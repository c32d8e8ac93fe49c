import type { ServedPath } from '#http';

export const ROUTES = { livez: '/livez', readyz: '/readyz', openapi: '/openapi.json' } as const;

export const SERVED_PATHS: readonly ServedPath[] = Object.values(ROUTES).map((route) => ({
  route,
  path: route,
  methods: ['GET', 'HEAD'],
  refusesQuery: false,
}));
