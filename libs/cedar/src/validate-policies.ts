import {
  cedarSchemaOf,
  sha256Base64url,
  type PolicyProblem,
  type PolicySource,
  type ReleaseDocument,
} from '#core';
import { validate, type ValidationError } from './engine.ts';
import { problemsOf } from './cedar-problem.ts';
import { cedarTokens } from './cedar-tokens.ts';
import { nearest } from './nearest.ts';
import type { ReadPolicy } from './read-policy.ts';
import type { Steps } from './steps.ts';
import { positionOf, START } from './text-position.ts';
import type { TwoReleases } from './two-releases.ts';
import { validationGroups } from './validation-groups.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * Holds policies against the schema in Cedar's strict mode. Two things that Cedar lets pass are problems here: a
 * `has` that asks for what never exists, because a misspelt one turns a forbid off in silence, and a policy that can
 * never apply. Other warnings are about scripts that are mixed in a name, as many honest names of groups are.
 */
export function* validatePolicies(
  policies: readonly ReadPolicy[],
  declared: Pick<ReleaseDocument, 'apis' | 'claimed'>,
  { vocabulary, sound }: { vocabulary: Vocabulary; sound: TwoReleases<true> },
): Steps<readonly PolicyProblem[]> {
  const told: PolicyProblem[] = [];
  const warnings: PolicyProblem[] = [];
  const sources = new Map(policies.map(({ source }) => [source.id, source]));
  const read = (found: readonly ValidationError[]): PolicyProblem[] =>
    withoutRepeats(
      found.flatMap(({ policyId, error }) => {
        const source = sources.get(policyId);
        return source === undefined ? [] : problemsOf(error, source, vocabulary);
      }),
    );
  for (const group of validationGroups(policies, declared)) {
    const texts = textsOf(group.policies);
    const schema = cedarSchemaOf(group.apis, group.claimed);
    // Nothing but these texts has a say, so that what was sound once is sound.
    sound.recall(sha256Base64url(JSON.stringify([schema, texts])), () => {
      const found = askCedar(texts, schema);
      const impossible = found.warnings.filter(({ error }) => IMPOSSIBLE.test(error.message));
      told.push(...read(found.errors));
      warnings.push(...read(impossible));
      return found.errors.length === 0 && impossible.length === 0 ? true : null;
    });
    yield;
  }

  const problems = [...told, ...policies.flatMap((policy) => unknownAttributes(policy, vocabulary, told))];
  // Whatever is wrong with a policy makes it impossible too: the warning says nothing new then.
  const wrong = new Set(problems.map(({ policy }) => policy));
  return [...problems, ...warnings.filter(({ policy }) => !wrong.has(policy))];
}

/** Cedar tells the same of each kind of principal. */
function withoutRepeats(problems: readonly PolicyProblem[]): PolicyProblem[] {
  return [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
}

type Texts = Readonly<Record<string, string>>;

function textsOf(policies: readonly ReadPolicy[]): Texts {
  return Object.fromEntries(policies.map(({ source }) => [source.id, source.cedar]));
}

function askCedar(
  texts: Texts,
  schema: string,
): { errors: readonly ValidationError[]; warnings: readonly ValidationError[] } {
  const answer = validate({
    validationSettings: { mode: 'strict' },
    schema,
    policies: { staticPolicies: { ...texts } },
  });
  if (answer.type === 'failure') {
    const [error] = answer.errors;
    throw new Error(`policies that were read could not be validated: ${error?.message ?? 'no reason given'}`);
  }
  return { errors: answer.validationErrors, warnings: answer.validationWarnings };
}

const IMPOSSIBLE = /policy is impossible|unable to find an applicable action/;

/**
 * Attributes that no operation in the policy's scope has. Cedar tells of those that are read, unless something else
 * in the policy keeps it from looking; these are told by Cedar alone.
 */
function unknownAttributes(
  { source, scope, references }: ReadPolicy,
  vocabulary: Vocabulary,
  told: readonly PolicyProblem[],
): readonly PolicyProblem[] {
  const isScopeKnown = [...(scope.actions ?? [])].every((action) => vocabulary.actions.has(action));
  const known = {
    context: vocabulary.contextPaths(isScopeKnown ? scope : { actions: null }),
    principal: vocabulary.principalPaths,
  };
  return references.accesses.flatMap(({ variable, path }) => {
    if (variable !== 'context' && variable !== 'principal') return [];
    const isTold = told.some(
      (one) => one.policy === source.id && one.message.startsWith(`attribute \`${path}\``),
    );
    if (isTold || known[variable].has(path)) return [];
    const meant = nearest(path, known[variable]);
    return [
      {
        policy: source.id,
        message: `\`${variable}.${path}\` does not exist`,
        ...positionOfName(source, path),
        suggestion: meant === null ? null : `${variable}.${meant}`,
      },
    ];
  });
}

/** Cedar's JSON has no positions: the place is where the last name of the path first follows `.`, `[` or `has`. */
function positionOfName({ cedar }: PolicySource, path: string): { line: number; column: number } {
  const tokens = cedarTokens(cedar);
  const name = path.slice(path.lastIndexOf('.') + 1);
  const found = tokens.find(
    ({ text }, at) =>
      (text === name || text === `"${name}"`) && ['.', '[', 'has'].includes(tokens[at - 1]?.text ?? ''),
  );
  return found === undefined ? START : positionOf(cedar, found.at);
}
