import type { AuditEvent } from '#core';
import type { ServedPath } from '#http';

/** Paths as the controllers name them. */
export const ROUTES = {
  token: '/token',
  introspect: '/introspect',
  forwardAuth: '/forward-auth',
  revoke: '/revoke',
  globalRevocation: '/global-token-revocation',
  events: '/ssf/events',
  metadata: '/.well-known/oauth-authorization-server',
  jwks: '/jwks',
  operationSchema: '/schemas/http_operation.json',
  livez: '/livez',
  readyz: '/readyz',
  openapi: '/openapi.json',
} as const;

/** Endpoints whose refusals are put on record. */
export const AUDITED: Readonly<Record<string, AuditEvent['type']>> = {
  [ROUTES.token]: 'token.exchange',
  [ROUTES.introspect]: 'token.introspect',
  [ROUTES.forwardAuth]: 'token.forward_auth',
  [ROUTES.revoke]: 'token.revoke',
  [ROUTES.globalRevocation]: 'subject.revoke',
  [ROUTES.events]: 'security.event',
};

const READ = { methods: ['GET', 'HEAD'], refusesQuery: false };
/** A gateway asks with the method of the original request, or with any. */
const ANY = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  refusesQuery: false,
  withBelow: true,
};
const POST = { methods: ['POST'], refusesQuery: true };

/**
 * Where each endpoint is found. Those of the protocol lie below the issuer; its metadata between its host and its
 * path (RFC 8414 §3.1); those for operators at the root.
 */
export function servedPaths(issuer: string): readonly ServedPath[] {
  const { pathname } = new URL(issuer);
  const base = pathname === '/' ? '' : pathname;
  return [
    { route: ROUTES.token, path: `${base}${ROUTES.token}`, ...POST },
    { route: ROUTES.introspect, path: `${base}${ROUTES.introspect}`, ...POST },
    { route: ROUTES.forwardAuth, path: `${base}${ROUTES.forwardAuth}`, ...ANY },
    { route: ROUTES.revoke, path: `${base}${ROUTES.revoke}`, ...POST },
    { route: ROUTES.globalRevocation, path: `${base}${ROUTES.globalRevocation}`, ...POST },
    { route: ROUTES.events, path: `${base}${ROUTES.events}`, ...POST },
    { route: ROUTES.metadata, path: `${ROUTES.metadata}${base}`, ...READ },
    { route: ROUTES.jwks, path: `${base}${ROUTES.jwks}`, ...READ },
    { route: ROUTES.operationSchema, path: `${base}${ROUTES.operationSchema}`, ...READ },
    { route: ROUTES.livez, path: ROUTES.livez, ...READ },
    { route: ROUTES.readyz, path: ROUTES.readyz, ...READ },
    { route: ROUTES.openapi, path: ROUTES.openapi, ...READ },
  ];
}
