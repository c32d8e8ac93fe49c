import type { PolicyProblem, PolicySource } from '#core';
import { validate, type ValidationError } from './engine.ts';
import { problemsOf } from './cedar-problem.ts';
import { cedarTokens } from './cedar-tokens.ts';
import { nearest } from './nearest.ts';
import type { ReadPolicy } from './read-policy.ts';
import { positionOf, START } from './text-position.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * Holds policies against the schema in Cedar's strict mode. Two things that Cedar lets pass are problems here: a
 * `has` that asks for what never exists, because a misspelt one turns a forbid off in silence, and a policy that can
 * never apply. Other warnings are about scripts that are mixed in a name, as many honest names of groups are.
 */
export function validatePolicies(
  policies: readonly ReadPolicy[],
  schema: string,
  vocabulary: Vocabulary,
): readonly PolicyProblem[] {
  const answer = validate({
    validationSettings: { mode: 'strict' },
    schema,
    policies: { staticPolicies: Object.fromEntries(policies.map(({ source }) => [source.id, source.cedar])) },
  });
  if (answer.type === 'failure') {
    const [error] = answer.errors;
    throw new Error(`policies that were read could not be validated: ${error?.message ?? 'no reason given'}`);
  }
  const sources = new Map(policies.map(({ source }) => [source.id, source]));
  const read = (found: readonly ValidationError[]): PolicyProblem[] =>
    found.flatMap(({ policyId, error }) => {
      const source = sources.get(policyId);
      return source === undefined ? [] : problemsOf(error, source, vocabulary);
    });

  const told = read(answer.validationErrors);
  const problems = [...told, ...policies.flatMap((policy) => unknownAttributes(policy, vocabulary, told))];
  // Whatever is wrong with a policy makes it impossible too: the warning says nothing new then.
  const wrong = new Set(problems.map(({ policy }) => policy));
  const warnings = read(answer.validationWarnings.filter(({ error }) => IMPOSSIBLE.test(error.message)));
  return [...problems, ...warnings.filter(({ policy }) => !wrong.has(policy))];
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
