import { isDeepStrictEqual } from 'node:util';
import { splitPolicies, type FiledPolicy } from '#cedar';
import { readCatalogDocument, type PolicyCompiler, type PolicySource, type ReleaseDocument } from '#core';
import type { SeedParts } from './read-seed-folders.ts';
import type { SeedProblem } from './seed-source.ts';

/** The release that a seed asks for: another one, the live one as it is, or none. */
export type SeedRelease =
  | { readonly publish: ReleaseDocument }
  | { readonly publish: null; readonly problems: readonly SeedProblem[] };

type Catalog = Pick<ReleaseDocument, 'apis' | 'claimed'>;

/**
 * Puts catalog and policies of the seed together, each taken from the live release when the seed has none, and has
 * the policies compiled. Nothing is published where nothing differs.
 */
export function checkRelease(
  parts: Pick<SeedParts, 'catalog' | 'policies'>,
  live: ReleaseDocument | null,
  compiler: PolicyCompiler,
): SeedRelease {
  if (parts.catalog === null && parts.policies === null) return { publish: null, problems: [] };
  const catalog = catalogOf(parts, live);
  const policies = policiesOf(parts, live);
  if ('problems' in catalog || 'problems' in policies) {
    const problems = [catalog, policies].flatMap((one) => ('problems' in one ? one.problems : []));
    return { publish: null, problems };
  }
  const document: ReleaseDocument = { ...catalog, policies: policies.sources };
  const compiled = compiler.compile(1, document);
  if ('problems' in compiled) {
    const problems = compiled.problems.map(({ policy, message, line, column, suggestion }): SeedProblem => {
      const filed = policies.filed.find(({ id }) => id === policy);
      const said = suggestion === null ? message : `${message} (${suggestion})`;
      return {
        file: filed?.file ?? 'the live release',
        pointer: filed === undefined ? policy : null,
        line: filed === undefined ? line : filed.line + line - 1,
        column,
        message: `${policy}: ${said}`,
      };
    });
    return { publish: null, problems };
  }
  return isSame(document, live) ? { publish: null, problems: [] } : { publish: document };
}

/** Stored documents come back from JSON, where nothing is undefined and the order of members is lost. */
function isSame(document: ReleaseDocument, live: ReleaseDocument | null): boolean {
  if (live === null) return false;
  const { apis, claimed, policies } = live;
  return isDeepStrictEqual(
    JSON.parse(JSON.stringify(document)),
    JSON.parse(JSON.stringify({ apis, claimed, policies })),
  );
}

function catalogOf(
  { catalog }: Pick<SeedParts, 'catalog'>,
  live: ReleaseDocument | null,
): Catalog | { problems: readonly SeedProblem[] } {
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
):
  { sources: readonly PolicySource[]; filed: readonly FiledPolicy[] } | { problems: readonly SeedProblem[] } {
  if (policies === null) {
    if (live !== null) return { sources: live.policies, filed: [] };
    return {
      problems: [problemOf('*.cedar', 'there is none, and no release is live to take the policies from')],
    };
  }
  const problems: SeedProblem[] = [];
  const filed = new Map<string, FiledPolicy>();
  for (const { file, text } of policies) {
    const split = splitPolicies(text, file);
    if ('problems' in split) {
      for (const { line, column, message } of split.problems) {
        problems.push({ file, pointer: null, line, column, message });
      }
      continue;
    }
    for (const policy of split.policies) {
      const earlier = filed.get(policy.id);
      if (earlier !== undefined) {
        const message = `@id("${policy.id}") is used already in ${earlier.file}:${earlier.line}`;
        problems.push({ file, pointer: null, line: policy.line, column: null, message });
      }
      filed.set(policy.id, policy);
    }
  }
  if (problems.length > 0) return { problems };
  const all = [...filed.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { sources: all.map(({ id, cedar }) => ({ id, cedar })), filed: all };
}

function problemOf(file: string, message: string): SeedProblem {
  return { file, pointer: null, line: null, column: null, message };
}
