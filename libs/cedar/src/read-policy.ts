import {
  OBLIGATION_NAMES,
  readObligations,
  strictest,
  type Obligations,
  type PolicyProblem,
  type PolicySource,
} from '#core';
import type { PolicyJson } from './engine.ts';
import { cedarTokens } from './cedar-tokens.ts';
import { nearest } from './nearest.ts';
import { parsePolicy } from './parse-policy.ts';
import { scopeOf, type PolicyScope } from './policy-scope.ts';
import { referencesOf, type References } from './references.ts';
import { positionOf, START } from './text-position.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A policy that Cedar could parse. */
export interface ReadPolicy {
  readonly source: PolicySource;
  readonly json: PolicyJson;
  readonly scope: PolicyScope;
  readonly references: References;
  readonly obligations: Obligations;
}

/**
 * Reads one policy: within the limits, exactly one, without template slots, with annotations that are known. A policy
 * whose annotations are wrong is still returned, so that the rest of it can be validated too.
 */
export function readPolicy(
  source: PolicySource,
  vocabulary: Vocabulary,
): { policy: ReadPolicy | null; problems: readonly PolicyProblem[] } {
  const parsed = parsePolicy(source, vocabulary);
  if ('problems' in parsed) return { policy: null, problems: parsed.problems };
  const { json } = parsed;
  const { obligations, problems } = readAnnotations(source, json);
  return {
    policy: { source, json, scope: scopeOf(json), references: referencesOf([json]), obligations },
    problems,
  };
}

function readAnnotations(
  source: PolicySource,
  { annotations = {}, effect }: PolicyJson,
): { obligations: Obligations; problems: readonly PolicyProblem[] } {
  const read: Obligations[] = [];
  const problems: PolicyProblem[] = [];
  const refuse = (name: string, message: string, suggestion: string | null): void => {
    problems.push({ policy: source.id, message, ...positionOfAnnotation(source.cedar, name), suggestion });
  };
  // An annotation without a value comes as null, whatever the type says.
  const entries: readonly (readonly [string, string | null])[] = Object.entries(annotations);
  for (const [name, value] of entries) {
    const one = readObligations({ [name]: value ?? '' });
    const isKnown = OBLIGATION_NAMES.includes(name);
    if ('refused' in one) {
      const why = isKnown ? 'has a value that is not accepted' : 'is not a known annotation';
      refuse(name, `${one.refused} ${why}`, isKnown ? null : nearest(name, OBLIGATION_NAMES));
    } else if (isKnown && effect === 'forbid') {
      refuse(name, `@${name} demands nothing here: only what permits can have a price`, null);
    } else if (name === 'id' && value !== source.id) {
      refuse(name, `@id says another name than the policy is stored under, ${source.id}`, source.id);
    } else {
      read.push(one.obligations);
    }
  }
  return { obligations: strictest(read), problems };
}

function positionOfAnnotation(cedar: string, name: string): { line: number; column: number } {
  const tokens = cedarTokens(cedar);
  const found = tokens.find(({ text }, at) => text === '@' && tokens[at + 1]?.text === name);
  return found === undefined ? START : positionOf(cedar, found.at);
}
