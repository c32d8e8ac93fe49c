import { diffReleases, type CatalogOperation, type PolicyTest, type ReleaseDocument } from '#core';
import { starterTests } from './starter-tests.ts';
import { denyFirstId, type StarterPolicies } from './starter-policies.ts';

/** An API in a release: what it has already, and what it would have if it were begun now. */
export interface BegunRelease {
  /** It has not been begun before. */
  readonly isFirst: boolean;
  /** With the operations and the starter policies as they are made now. */
  readonly anew: Required<ReleaseDocument>;
  /** What of them the release has otherwise, or not at all; a line each. */
  readonly differences: readonly string[];
}

/**
 * Puts the operations of an API, its starter policies and their tests into a release. What else is in it stays, the
 * API's operations that the document does not have included.
 */
export function withStarter(
  release: ReleaseDocument,
  api: { readonly id: string; readonly operations: readonly CatalogOperation[] },
  starter: StarterPolicies,
): BegunRelease {
  const imported = new Set(api.operations.map(({ id }) => id));
  const present = release.apis.find(({ id }) => id === api.id)?.operations ?? [];
  const kept = present.filter(({ id }) => !imported.has(id));
  const policies = [starter.denyFirst, ...starter.permits.map(({ policy }) => policy)];
  const anew = {
    ...release,
    apis: [
      ...release.apis.filter(({ id }) => id !== api.id),
      { id: api.id, operations: [...api.operations, ...kept] },
    ],
    policies: replaced(release.policies, policies),
    tests: replaced<PolicyTest>(release.tests ?? [], starterTests(starter)),
  };
  const isFirst = !release.policies.some(({ id }) => id === denyFirstId(api.id));
  return { isFirst, anew, differences: isFirst ? [] : differencesOf(release, anew) };
}

function differencesOf(now: ReleaseDocument, anew: ReleaseDocument): readonly string[] {
  const { operations, policies, tests } = diffReleases(now, anew);
  return Object.entries({ operation: operations, policy: policies, test: tests }).flatMap(
    ([what, { added, changed }]) => [
      ...added.map((id) => `${what} ${id} is not there`),
      ...changed.map((id) => `${what} ${id} says something else`),
    ],
  );
}

function replaced<Part extends { readonly id: string }>(
  present: readonly Part[],
  parts: readonly Part[],
): readonly Part[] {
  const ours = new Set(parts.map(({ id }) => id));
  return [...present.filter(({ id }) => !ours.has(id)), ...parts];
}
