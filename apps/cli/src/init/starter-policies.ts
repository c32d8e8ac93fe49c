import { formatPolicy } from '#cedar';
import { tagGroup, type CatalogOperation, type PolicySource } from '#core';
import { Failure } from '../failure.ts';

/** One permit to begin with: for whom, and for what. */
export interface StarterPermit {
  readonly policy: PolicySource;
  /** As policies see it: with the identity provider's prefix. */
  readonly group: string;
  /** At least one. */
  readonly operations: readonly CatalogOperation[];
  readonly obligations: { readonly ttl: 15; readonly proof: 'dpop'; readonly target?: 'exact' };
}

/** What an API begins with: everything is denied, and there is one permit for each tag. */
export interface StarterPolicies {
  readonly denyFirst: PolicySource;
  readonly permits: readonly StarterPermit[];
  /** Ids of operations that nobody is permitted. */
  readonly unpermitted: readonly string[];
}

/** More tags than somebody reads through before they open anything. */
const MAX_TAGS = 100;

/** As many actions as a policy can name within its length. */
const MAX_NAMED = 64;

/** Requests that a comment lists. */
const MAX_LISTED = 20;

/** Requests that change nothing; the others are permitted as they are, with their body, or not at all. */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Id of the policy by which an API is known to have been begun. */
export function denyFirstId(api: string): string {
  return `${api}.deny-first`;
}

/**
 * Policies to begin with. A tag's permit is for a group that nobody is in before the identity provider says so;
 * operations without a tag share one.
 *
 * In     group  for all permits; absent: one for each tag, `orders-read`
 * Fails  Failure when there are more tags than anybody reads through
 */
export function starterPolicies(
  api: string,
  operations: readonly CatalogOperation[],
  group?: string,
): StarterPolicies {
  const tags = [...new Set(operations.flatMap((operation) => operation.tags))].toSorted();
  if (tags.length > MAX_TAGS) {
    throw new Failure(
      `the document has ${tags.length} tags; there are starter policies for at most ${MAX_TAGS}. Take the catalog alone: oncekey import openapi`,
    );
  }
  const permits = tags.map((tag) =>
    permitOf(api, {
      name: `tag.${tag}`,
      title: `What is tagged "${tag}"`,
      action: `action in Action::"${tagGroup(tag)}"`,
      group: group ?? `${api}-${tag}`,
      operations: operations.filter((operation) => operation.tags.includes(tag)),
    }),
  );
  const untagged = operations.filter((operation) => operation.tags.length === 0);
  const named = untagged.slice(0, MAX_NAMED);
  if (named.length > 0) {
    permits.push(
      permitOf(api, {
        name: 'untagged',
        title: 'What has no tag',
        action: actionsOf(named),
        group: group ?? `${api}-untagged`,
        operations: named,
      }),
    );
  }
  return {
    denyFirst: { id: denyFirstId(api), cedar: denyFirst(api) },
    permits,
    unpermitted: untagged.slice(MAX_NAMED).map(({ id }) => id),
  };
}

function denyFirst(api: string): string {
  return `// Nothing of ${api} is open by default: what no permit is for is denied, and whatever is added to the API stays
// closed until somebody writes down who may call it. Each permit beside this file is for one tag and one group. This
// forbid goes before all of them, and before those that are written later: whoever calls has to prove the key that
// the token is bound to.
forbid (
  principal,
  action,
  resource == Api::"${api}"
)
unless { context.device has key };
`;
}

interface PermitParts {
  readonly name: string;
  readonly title: string;
  readonly action: string;
  readonly group: string;
  readonly operations: readonly CatalogOperation[];
}

function permitOf(api: string, { name, title, action, group, operations }: PermitParts): StarterPermit {
  const isSafe = operations.every(({ method }) => SAFE.has(method));
  const listed = operations.slice(0, MAX_LISTED).map(({ method, path }) => `//   ${method} ${path}\n`);
  const left = operations.length - listed.length;
  const cedar = `// ${title}:
${listed.join('')}${left === 0 ? '' : `//   and ${left} more\n`}// For those whom the identity provider puts into the group, and nobody else. Before it goes live, narrow it: name
// operations, and say under when { ... } in which circumstances.
@ttl("15")
@proof("dpop")
${isSafe ? '' : '@target("exact")\n'}permit (
  principal in Group::"${group}",
  ${action},
  resource == Api::"${api}"
);
`;
  return {
    policy: { id: `${api}.${name}`, cedar: laidOut(cedar) },
    group,
    operations,
    obligations: { ttl: 15, proof: 'dpop', ...(isSafe ? {} : { target: 'exact' }) },
  };
}

function actionsOf(operations: readonly CatalogOperation[]): string {
  const [first = '', ...others] = operations.map(({ id }) => `Action::"${id}"`);
  return others.length === 0 ? `action == ${first}` : `action in [${[first, ...others].join(', ')}]`;
}

/** As `oncekey policy fmt` leaves it. */
function laidOut(cedar: string): string {
  const formatted = formatPolicy(cedar);
  return 'cedar' in formatted ? formatted.cedar : cedar;
}
