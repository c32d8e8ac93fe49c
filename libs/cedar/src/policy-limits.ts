import { isJsonObject, type PolicyProblem, type PolicySource } from '#core';
import { cedarTokens } from './cedar-tokens.ts';
import { positionOf, START } from './text-position.ts';

/**
 * What one policy and one release may be made of. Cedar recurses into expressions on the stack of the thread; a policy
 * that overflows it, when it is read, validated or evaluated, breaks the engine for the whole process. Once its code
 * is optimised, Cedar reads chains of 300 operators and 70 nested brackets, and evaluates 100 levels; these limits
 * stay below half of that.
 */
export const POLICY_LIMITS = {
  policies: 2000,
  characters: 16_384,
  operators: 150,
  nesting: 32,
  levels: 48,
};

/** What a reader does not see, or sees in another order than the engine: it is written as an escape, `\u{200b}`. */
const HIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]/u;

/** Ids go into tokens, audit events and file names. */
const POLICY_ID = /^[A-Za-z][A-Za-z0-9._-]{0,127}$/;

const OPERATORS = new Set([
  ...['&&', '||', '==', '!=', '<=', '>=', '<', '>', '+', '-', '*', '!', '.'],
  ...['if', 'when', 'unless', 'in', 'has', 'like', 'is'],
]);
const OPENS = new Set(['(', '[', '{']);
const CLOSES = new Set([')', ']', '}']);

/** Why a policy must not reach the engine; null when it may. Looks at the text alone. */
export function limitProblem({ id, cedar }: PolicySource): PolicyProblem | null {
  const refuse = (message: string, at = START): PolicyProblem => ({
    policy: id,
    message,
    ...at,
    suggestion: null,
  });
  if (!POLICY_ID.test(id)) return refuse(`the id of a policy must be like ${POLICY_ID.source}`);
  if (cedar.length > POLICY_LIMITS.characters)
    return refuse(`the policy is longer than ${POLICY_LIMITS.characters} characters`);
  const hidden = HIDDEN.exec(cedar);
  if (hidden !== null) {
    const code = hidden[0].charCodeAt(0).toString(16).padStart(4, '0');
    return refuse(`the policy holds the hidden character U+${code}`, positionOf(cedar, hidden.index));
  }

  let operators = 0;
  let nesting = 0;
  for (const { text, at } of cedarTokens(cedar)) {
    if (OPERATORS.has(text)) operators++;
    else if (OPENS.has(text)) nesting++;
    else if (CLOSES.has(text)) nesting--;
    if (operators > POLICY_LIMITS.operators)
      return refuse(
        `the policy has more than ${POLICY_LIMITS.operators} operators; split it, or compare with a set`,
        positionOf(cedar, at),
      );
    if (nesting > POLICY_LIMITS.nesting)
      return refuse(`the policy nests more than ${POLICY_LIMITS.nesting} brackets`, positionOf(cedar, at));
  }
  return null;
}

/** As `limitProblem`, for what only a parsed policy shows: how deep its expressions are. A chain is as deep as long. */
export function depthProblem({ id }: PolicySource, conditions: unknown): PolicyProblem | null {
  // In Cedar's JSON a level is an object in an object: the operator, and its operands by name.
  if (depthOf(conditions) <= 2 * POLICY_LIMITS.levels) return null;
  const message = `the policy is more than ${POLICY_LIMITS.levels} expressions deep; split it, or compare with a set`;
  return { policy: id, message, ...START, suggestion: null };
}

function depthOf(value: unknown): number {
  const children = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : null;
  return children === null ? 0 : 1 + Math.max(0, ...children.map(depthOf));
}
