import { assembleRelease, draftRowsOf } from '../policy/draft.ts';
import { listOf, object, problemsOf, text, type Shape } from '../policy/document-shape.ts';
import type { PolicyTest } from '../policy/policy-test.ts';
import { readCatalogDocument } from '../policy/read-catalog-document.ts';
import { readPolicyTest } from '../policy/read-policy-test.ts';
import type { PolicySource, ReleaseDocument } from '../policy/release.ts';
import type { DocumentProblem } from '../registry/documents.ts';
import { isJsonObject } from '../shared/strict-json.ts';

/** As much as one release may hold; the compiler looks at policies more closely. */
export const RELEASE_CAPS = { policies: 2000, tests: 5000, cedarCharacters: 16_384 };

const ID = /^[A-Za-z][A-Za-z0-9._-]{0,127}$/;

const POLICY = object({ id: text(ID, 128), cedar: text(/[^]/, RELEASE_CAPS.cedarCharacters) });

const anything: Shape = () => undefined;

const RELEASE = object(
  { policies: listOf(POLICY, RELEASE_CAPS.policies), apis: anything },
  { tests: listOf(anything, RELEASE_CAPS.tests), claimed: anything },
);

/** Reads a policy as a body holds it: `id` and `cedar`. Whether it is Cedar is for the compiler to say. */
export function readPolicySource(
  value: unknown,
): { policy: PolicySource } | { problems: readonly DocumentProblem[] } {
  const problems = problemsOf(value, POLICY);
  return isPolicy(value, problems) ? { policy: { id: value.id, cedar: value.cedar } } : { problems };
}

/**
 * Reads `{policies, tests, apis, claimed}` as a file or a body holds it. The schema is closed; all problems are told at
 * once, as JSON pointers.
 *
 * Out  the document in the order that drafts have, so that equal ones are the same text
 */
export function readReleaseDocument(
  value: unknown,
): { document: Required<ReleaseDocument> } | { problems: readonly DocumentProblem[] } {
  const problems = [...problemsOf(value, RELEASE)];
  if (problems.length > 0 || !isJsonObject(value)) return { problems };
  const { apis, claimed } = value;
  const catalog = readCatalogDocument({ apis, ...(claimed === undefined ? {} : { claimed }) });
  if ('problems' in catalog) problems.push(...catalog.problems);
  const tests = readTests(value['tests'], problems);
  const policies = isPolicies(value['policies']) ? value['policies'] : [];
  refuseTwice(policies, 'policies', problems);
  refuseTwice(tests, 'tests', problems);
  if (problems.length > 0 || 'problems' in catalog) return { problems };
  return { document: assembleRelease(draftRowsOf({ ...catalog, policies, tests })) };
}

function readTests(value: unknown, problems: DocumentProblem[]): readonly PolicyTest[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  return values.flatMap((one, at) => {
    const read = readPolicyTest(one);
    if ('test' in read) return [read.test];
    const here = ({ pointer }: DocumentProblem): string => pointer.replace(/^#/, `#/tests/${at}`);
    problems.push(...read.problems.map((problem) => ({ ...problem, pointer: here(problem) })));
    return [];
  });
}

function refuseTwice(
  parts: readonly { readonly id: string }[],
  member: 'policies' | 'tests',
  problems: DocumentProblem[],
): void {
  const seen = new Set<string>();
  for (const [at, { id }] of parts.entries()) {
    if (seen.has(id)) problems.push({ pointer: `#/${member}/${at}/id`, message: `${id} is there twice` });
    seen.add(id);
  }
}

/** INVARIANT: what has the shape POLICY without a problem is a policy source. */
function isPolicy(value: unknown, problems: readonly DocumentProblem[]): value is PolicySource {
  return problems.length === 0 && isJsonObject(value);
}

/** As `isPolicy`, of what was held against RELEASE. */
function isPolicies(value: unknown): value is readonly PolicySource[] {
  return Array.isArray(value);
}
