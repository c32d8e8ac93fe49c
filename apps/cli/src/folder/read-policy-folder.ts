import { readCatalogDocument, type ReleaseDocument } from '#core';
import { readSeedFolders } from '../seed/read-seed-folders.ts';
import type { SeedProblem } from '../seed/seed-source.ts';
import { filedPolicies, unfiledPolicies, type FiledPolicies } from './filed-policies.ts';
import { filedTests, type FiledTests } from './filed-tests.ts';

/** A release as a folder has it: `catalog.yaml`, `*.cedar`, `tests.yaml`. */
export interface PolicyFolder {
  readonly document: Required<ReleaseDocument>;
  readonly policies: FiledPolicies;
  readonly tests: FiledTests;
}

const NO_TESTS: FiledTests = {
  tests: [],
  problem: (pointer, message) => ({ file: 'tests.yaml', pointer, line: null, column: null, message }),
};

/**
 * Reads the files of a folder. Policies are taken apart, not compiled; registrations that lie beside them are left
 * alone.
 *
 * Fails  Failure when the folder cannot be read, or holds no such file
 */
export async function readPolicyFolder(
  folder: string,
): Promise<PolicyFolder | { problems: readonly SeedProblem[] }> {
  const parts = await readSeedFolders([folder]);
  const catalog = parts.catalog === null ? null : readCatalogDocument(parts.catalog.value);
  const policies = parts.policies === null ? unfiledPolicies([]) : filedPolicies(parts.policies);
  const tests = parts.tests === null ? NO_TESTS : filedTests(parts.tests);
  const problems = [
    ...parts.problems,
    ...(parts.catalog === null && parts.problems.length === 0 ? [missingCatalog(folder)] : []),
    ...(catalog !== null && 'problems' in catalog
      ? catalog.problems.flatMap(({ pointer, message }) => parts.catalog?.problem(pointer, message) ?? [])
      : []),
    ...('problems' in policies ? policies.problems : []),
    ...('problems' in tests ? tests.problems : []),
  ];
  if (catalog === null || 'problems' in catalog || 'problems' in policies || 'problems' in tests)
    return { problems };
  if (problems.length > 0) return { problems };
  return { document: { ...catalog, policies: policies.sources, tests: tests.tests }, policies, tests };
}

function missingCatalog(folder: string): SeedProblem {
  return {
    file: `${folder}/catalog.yaml`,
    pointer: null,
    line: null,
    column: null,
    message: 'is missing: it names the operations that policies speak of',
  };
}
