import type { CatalogApi } from '#core';
import type { PolicyJson } from './engine.ts';
import { mentions } from './mentions.ts';
import { parseText } from './parse-policy.ts';
import { canMatchApi, scopeOf } from './policy-scope.ts';

/** What makes a policy wider, or longer-lived, than it may have to be. */
export interface PolicyFacts {
  /** It permits, and neither its scope nor a condition looks at who asks. */
  readonly permitsEverybody: boolean;
  /** It permits, and neither its scope nor a condition looks at the operation. */
  readonly unscopedAction: boolean;
  /** It says `@break_glass("...")`: it is there for emergencies. */
  readonly isBreakGlass: boolean;
}

/** Facts about one policy; null when the text is no policy. */
export function policyFacts(cedar: string): PolicyFacts | null {
  const json = parseText(cedar);
  if (json === null) return null;
  return {
    permitsEverybody: permitsEverybody(json),
    unscopedAction: isUnscopedAction(json),
    isBreakGlass: Object.hasOwn(json.annotations ?? {}, 'break_glass'),
  };
}

/** Can the policy match any request to this API? When in doubt, or when the text is no policy: yes. */
export function touchesApi(cedar: string, api: CatalogApi): boolean {
  const json = parseText(cedar);
  return json === null || canMatchApi(scopeOf(json), api);
}

/** `principal is User` is everybody too who can sign in, and `principal is Workload` whatever runs anywhere. */
export function permitsEverybody({ effect, principal, conditions }: PolicyJson): boolean {
  const isOpen = principal.op === 'All' || (principal.op === 'is' && principal.in === undefined);
  return effect === 'permit' && isOpen && !mentions(conditions, 'principal');
}

export function isUnscopedAction({ effect, action, conditions }: PolicyJson): boolean {
  return effect === 'permit' && action.op === 'All' && !mentions(conditions, 'action');
}
