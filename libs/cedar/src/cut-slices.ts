import type { CatalogApi, CatalogOperation } from '#core';
import { canMatchApi } from './policy-scope.ts';
import type { ReadPolicy } from './read-policy.ts';

/** The operations of one API that are decided by the same policies. */
export interface SliceCut {
  /** With these operations only. */
  readonly api: CatalogApi;
  readonly policies: readonly ReadPolicy[];
}

/** So few policies cost so little that it does not matter which of them can match. */
const SMALL = 8;

/** How often a policy may be kept, on average, for the sake of small slices. */
const COPIES = 4;

/**
 * Cuts the policies of a release for one API. Cedar's cost grows with each policy in a set, so that an API of many
 * policies is cut again by operation, unless most policies are about most operations and would be copied into each cut.
 */
export function cutSlices(policies: readonly ReadPolicy[], api: CatalogApi): readonly SliceCut[] {
  const mine = policies.filter(({ scope }) => canMatchApi(scope, api));
  const whole = [{ api, policies: mine }];
  if (mine.length <= SMALL) return whole;
  const cuts = new Map<string, { operations: CatalogOperation[]; policies: readonly ReadPolicy[] }>();
  for (const operation of api.operations) {
    const one = { ...api, operations: [operation] };
    const matching = mine.filter(({ scope }) => canMatchApi(scope, one));
    const key = matching.map(({ source }) => source.id).join(' ');
    const cut = cuts.get(key);
    if (cut === undefined) cuts.set(key, { operations: [operation], policies: matching });
    else cut.operations.push(operation);
  }
  const copies = [...cuts.values()].reduce((sum, cut) => sum + cut.policies.length, 0);
  if (copies > COPIES * mine.length) return whole;
  return [...cuts.values()].map((cut) => ({
    api: { ...api, operations: cut.operations },
    policies: cut.policies,
  }));
}
