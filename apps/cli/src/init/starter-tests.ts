import { parametersOf, readPathTemplate, type CatalogOperation, type PolicyTest } from '#core';
import type { StarterPermit, StarterPolicies } from './starter-policies.ts';

const SOMEBODY = { issuer: 'https://login.example', subject: 'somebody' };
const TIME = '2026-01-05T09:00:00Z';

/** Requests with a body; the others have none. */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** For each permit a call that is permitted and one that is not; and one that no permit outweighs the first denial. */
export function starterTests({ denyFirst, permits }: StarterPolicies): readonly PolicyTest[] {
  const tests = permits.flatMap((permit) => testsOf(permit, permits));
  const [first] = permits;
  const [operation] = first?.operations ?? [];
  if (first === undefined || operation === undefined) return tests;
  const denial: PolicyTest = {
    id: `${denyFirst.id}.denies`,
    name: `without a proved key, nobody calls ${operation.id}`,
    principal: { ...SOMEBODY, groups: [first.group] },
    ...requestOf(operation),
    expect: { decision: 'deny', policies: [denyFirst.id] },
  };
  return [denial, ...tests];
}

function testsOf(
  { policy, group, operations, obligations }: StarterPermit,
  all: readonly StarterPermit[],
): readonly PolicyTest[] {
  const [operation] = operations;
  if (operation === undefined) return [];
  const request = { ...requestOf(operation), device_key: 'key-of-somebody' };
  const deciding = all.filter((other) => other.group === group && other.operations.includes(operation));
  return [
    {
      id: `${policy.id}.permits`,
      name: `whoever is in ${group} may call ${operation.id}`,
      principal: { ...SOMEBODY, groups: [group] },
      ...request,
      expect: { decision: 'permit', policies: deciding.map((other) => other.policy.id), obligations },
    },
    {
      id: `${policy.id}.denies`,
      name: `whoever is in no group may not call ${operation.id}`,
      principal: { ...SOMEBODY, groups: [] },
      ...request,
      expect: { decision: 'deny', policies: [] },
    },
  ];
}

function requestOf({
  id,
  method,
  path,
}: CatalogOperation): Pick<PolicyTest, 'operation' | 'parameters' | 'has_digest' | 'time'> {
  const template = readPathTemplate(path);
  const names = template === null ? [] : parametersOf(template);
  return {
    operation: id,
    ...(names.length === 0 ? {} : { parameters: Object.fromEntries(names.map((name) => [name, '42'])) }),
    ...(WITH_BODY.has(method) ? { has_digest: true } : {}),
    time: TIME,
  };
}
