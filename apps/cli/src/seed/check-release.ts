import {
  ADMIN_API_ID,
  diffReleases,
  isEmptyDiff,
  readCatalogDocument,
  runPolicyTests,
  SHIPPED_POLICIES,
  SHIPPED_TESTS,
  type LiveRelease,
  type PolicyCompiler,
  type PolicyTest,
  type ReleaseDocument,
} from '#core';
import { filedPolicies, unfiledPolicies, type FiledPolicies } from '../folder/filed-policies.ts';
import { filedTests, type FiledTests } from '../folder/filed-tests.ts';
import type { SeedParts } from './read-seed-folders.ts';
import type { SeedProblem } from './seed-source.ts';

/** The release that a seed asks for: another one, the live one as it is, or none. */
export type SeedRelease =
  | { readonly publish: ReleaseDocument }
  | { readonly publish: null; readonly problems: readonly SeedProblem[] };

type Catalog = Pick<ReleaseDocument, 'apis' | 'claimed'>;
type Problems = { readonly problems: readonly SeedProblem[] };

const LIVE = 'the live release';

/**
 * Puts catalog, policies and tests of the seed together, each taken from the live release when the seed has none, has
 * the policies compiled, and runs the tests. Nothing is published where nothing differs.
 */
export function checkRelease(
  parts: Pick<SeedParts, 'catalog' | 'policies' | 'tests' | 'roleBindings'>,
  live: ReleaseDocument | null,
  compiler: PolicyCompiler,
): SeedRelease {
  const bindsRoles = parts.roleBindings.length > 0;
  const isOfRelease = parts.catalog !== null || parts.policies !== null || parts.tests !== null;
  if (!isOfRelease && (!bindsRoles || live === null)) return { publish: null, problems: [] };
  const catalog = catalogOf(parts, live);
  const policies = policiesOf(parts, live);
  const tests = testsOf(parts, live);
  if ('problems' in catalog || 'problems' in policies || 'problems' in tests) {
    const problems = [catalog, policies, tests].flatMap((one) => ('problems' in one ? one.problems : []));
    return { publish: null, problems };
  }
  const document = withAdministration(
    { ...catalog, policies: policies.sources, tests: tests.tests },
    live,
    bindsRoles,
  );
  const compiled = compiler.compile(1, document);
  if ('problems' in compiled) {
    return { publish: null, problems: compiled.problems.map((one) => policies.problem(one, LIVE)) };
  }
  const red = redTests(compiled.release, tests);
  if (red.length > 0) return { publish: null, problems: red };
  const isSame = live !== null && isEmptyDiff(diffReleases(live, document));
  return isSame ? { publish: null, problems: [] } : { publish: document };
}

/**
 * Where the seed names no policies over the admin API, those of the live release stay. Where there are none either and
 * roles are bound, the shipped ones come, as with an enrolment.
 */
function withAdministration(
  document: ReleaseDocument,
  live: ReleaseDocument | null,
  bindsRoles: boolean,
): ReleaseDocument {
  if (document.policies.some(isOfAdministration)) return document;
  const stays = live?.policies.filter(isOfAdministration) ?? [];
  const ships = stays.length === 0 && bindsRoles;
  const policies = ships ? SHIPPED_POLICIES : stays;
  if (policies.length === 0) return document;
  const { tests = [] } = document;
  const known = new Set(tests.map(({ id }) => id));
  const more = ships ? SHIPPED_TESTS : (live?.tests ?? []).filter(isOfAdministration);
  return {
    ...document,
    policies: [...document.policies, ...policies],
    tests: [...tests, ...more.filter(({ id }) => !known.has(id))],
  };
}

function isOfAdministration({ id }: { readonly id: string }): boolean {
  return id.startsWith(`${ADMIN_API_ID}.`);
}

function redTests(release: LiveRelease, { tests, problem }: FiledTests): readonly SeedProblem[] {
  return runPolicyTests(release, tests).results.flatMap(({ id, passed, differences }) =>
    passed ? [] : [problem(id, `test ${id} fails: ${differences.join('; ')}`)],
  );
}

function catalogOf(
  { catalog }: Pick<SeedParts, 'catalog'>,
  live: ReleaseDocument | null,
): Catalog | Problems {
  if (catalog === null) {
    if (live !== null) return { apis: live.apis, claimed: live.claimed };
    return { problems: [problemOf('catalog.yaml', 'is missing, and no release is live to take it from')] };
  }
  const read = readCatalogDocument(catalog.value);
  if (!('problems' in read)) return { apis: read.apis, claimed: read.claimed };
  return { problems: read.problems.map(({ pointer, message }) => catalog.problem(pointer, message)) };
}

function policiesOf(
  { policies }: Pick<SeedParts, 'policies'>,
  live: ReleaseDocument | null,
): FiledPolicies | Problems {
  if (policies !== null) return filedPolicies(policies);
  if (live !== null) return unfiledPolicies(live.policies);
  return {
    problems: [problemOf('*.cedar', 'there is none, and no release is live to take the policies from')],
  };
}

function testsOf({ tests }: Pick<SeedParts, 'tests'>, live: ReleaseDocument | null): FiledTests | Problems {
  if (tests !== null) return filedTests(tests);
  const stored: readonly PolicyTest[] = live?.tests ?? [];
  return { tests: stored, problem: (testId, message) => ({ ...problemOf(LIVE, message), pointer: testId }) };
}

function problemOf(file: string, message: string): SeedProblem {
  return { file, pointer: null, line: null, column: null, message };
}
