import type { Grant } from './decision.ts';

/** Not a property that a body or a plugin could set: what is in here was put here by a guard. */
const grants = new WeakMap<object, Grant>();

export function rememberGrant(request: object, grant: Grant): void {
  grants.set(request, grant);
}

/**
 * What the token of a request permitted.
 *
 * Fails  Error when no guard let the request through
 */
export function grantOf(request: object): Grant {
  const grant = grants.get(request);
  if (grant === undefined) throw new Error('no guard has let this request through');
  return grant;
}
