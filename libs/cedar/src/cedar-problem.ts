import type { PolicyProblem, PolicySource } from '#core';
import type { DetailedError } from './engine.ts';
import { nearest } from './nearest.ts';
import { positionOfByte, START } from './text-position.ts';
import { ENTITY_TYPES, type Vocabulary } from './vocabulary.ts';

/** What Cedar found wrong with a policy, and whatever else it found on the way, in our form. */
export function problemsOf(
  error: DetailedError,
  source: PolicySource,
  vocabulary: Vocabulary,
): readonly PolicyProblem[] {
  const [place] = error.sourceLocations ?? [];
  const message = plainMessage(error.message);
  const problem: PolicyProblem = {
    policy: source.id,
    message: place?.label ? `${message}, ${place.label}` : message,
    ...(place === undefined ? START : positionOfByte(source.cedar, place.start)),
    suggestion: suggestionFor(message, error.help, vocabulary),
  };
  return [problem, ...(error.related ?? []).flatMap((one) => problemsOf(one, source, vocabulary))];
}

/**
 * Cedar repeats the policy's id, which stands beside the message, the action, of which there may be hundreds, and which
 * kind of principal it is about: they have the same attributes.
 */
function plainMessage(message: string): string {
  return message
    .replace(/^(?:for policy `[^`]*`[,:] |failed to parse policy(?: with id `[^`]*`)? from string: )/, '')
    .replace(/ in context for Action::"[^"]*"/, ' in context')
    .replace(/ on entity type `(?:User|Workload)`/, ' of the principal');
}

/** What an unknown name is looked for in: Cedar's message, and all that could have been meant. */
const UNKNOWN: readonly { in: RegExp; among: (vocabulary: Vocabulary) => Iterable<string>; as: string }[] = [
  { in: /^unrecognized action `Action::"(.*)"`/, among: ({ actions }) => actions, as: '' },
  { in: /^unrecognized entity type `(.*)`/, among: () => ENTITY_TYPES, as: '' },
  { in: /^entity `Api::"(.*)"` is of an enumerated/, among: ({ apis }) => apis, as: '' },
  {
    in: /^attribute `(.*)` in context not found/,
    among: (vocabulary) => vocabulary.contextPaths({ actions: null }),
    as: 'context.',
  },
  {
    in: /^attribute `(.*)` of the principal not found/,
    among: ({ principalPaths }) => principalPaths,
    as: 'principal.',
  },
];

function suggestionFor(message: string, help: string | null, vocabulary: Vocabulary): string | null {
  for (const kind of UNKNOWN) {
    const name = kind.in.exec(message)?.[1];
    if (name === undefined) continue;
    const meant = nearest(name, kind.among(vocabulary));
    if (meant === name) return 'only some of the operations have it: name those, or test for it with `has`';
    return meant === null ? null : `${kind.as}${meant}`;
  }
  return /^did you mean `(.*)`\?$/.exec(help ?? '')?.[1] ?? help;
}
