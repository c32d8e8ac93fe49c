import { ADMIN_API_ID, type CatalogApi } from '#core';
import { mentions } from '../mentions.ts';
import { isUnscopedAction, permitsEverybody } from '../policy-facts.ts';
import { canMatchApi } from '../policy-scope.ts';
import type { Finding, LintedPolicy, LintedRelease } from './lint-rule.ts';

/** Scopes that are wider than they look, or match nothing. */
export function lintScope(policy: LintedPolicy, { apis }: LintedRelease): readonly Finding[] {
  const { json, head, scope } = policy;
  const matched = apis.filter((api) => canMatchApi(scope, api));
  const findings: Finding[] = [];
  if (matched.length === 0) {
    const message = 'can never match: no operation of the catalog is in its action scope and of its resource';
    return [{ rule: 'can-never-match', message, at: head.action.from }];
  }
  if (permitsEverybody(json)) {
    const message = 'permits everybody who can sign in: neither its scope nor a condition says who';
    findings.push({ rule: 'permits-everybody', message, at: head.principal.from });
  }
  if (isUnscopedAction(json)) {
    const message = `permits every operation ${whereOf(matched)}, and each that is added later`;
    findings.push({ rule: 'unscoped-action', message, at: head.action.from });
  }
  if (isUnscopedResource(policy)) {
    const message = `permits operations ${whereOf(matched)}, and of each API that is added later`;
    findings.push({ rule: 'unscoped-resource', message, at: head.resource.from });
  }
  return findings;
}

/** An operation is of one API, and so is the group of an API's operations: naming those leaves no API open. */
function isUnscopedResource({ json, scope }: LintedPolicy): boolean {
  const namesApi = scope.actions !== null && ![...scope.actions].some((action) => action.startsWith('tag:'));
  return (
    json.effect === 'permit' && scope.apis === null && !namesApi && !mentions(json.conditions, 'resource')
  );
}

function whereOf(apis: readonly CatalogApi[]): string {
  const names = apis.map(({ id }) => id).filter((id) => id !== ADMIN_API_ID);
  const some = names.length > 5 ? [...names.slice(0, 4), `${names.length - 4} more`] : names;
  const all = apis.length > names.length ? [...some, `the admin API, ${ADMIN_API_ID}`] : some;
  return `of ${all.join(', ')}`;
}
