import { cedarTokens, type CedarToken } from './cedar-tokens.ts';
import { policyHead } from './policy-head.ts';

/** One thing that has to hold for a policy to match. */
export interface PolicyPart {
  /** For people: `principal in Group::"support"`, a condition, or `unless { ... }`. */
  readonly text: string;
  /** A policy that permits just when it holds. */
  readonly cedar: string;
  /** It only asks whether something is there; whatever reads that comes after it in the same clause. */
  readonly isGuard: boolean;
  /** Number of the clause that it is of; the principal is 0. */
  readonly clause: number;
}

/**
 * A policy, apart from its action and its resource, as parts that all have to hold: the principal, what `&&` joins in
 * each `when`, what `||` joins in each `unless`. They are cut out of its text, because Cedar's JSON form does not keep
 * large numbers.
 *
 * In   one policy that could be parsed
 */
export function partsOf(cedar: string): readonly PolicyPart[] {
  const tokens = cedarTokens(cedar);
  const head = policyHead(tokens);
  if (head === null) return [];
  const principal = plain(tokens.filter(({ at }) => at >= head.principal.from && at < head.principal.to));
  const who: PolicyPart = {
    text: principal,
    cedar: `permit(${principal}, action, resource);`,
    isGuard: false,
    clause: 0,
  };
  const parts = clausesOf(tokens.slice(head.end)).flatMap(({ kind, body }, at) =>
    operandsOf(body, kind === 'when' ? '&&' : '||').map((operand) => partOf(kind, operand, at + 1)),
  );
  return principal === 'principal' ? parts : [who, ...parts];
}

function partOf(kind: Clause['kind'], operand: readonly CedarToken[], clause: number): PolicyPart {
  const text = plain(operand);
  return {
    text: kind === 'when' ? text : `unless { ${text} }`,
    cedar: `permit(principal, action, resource) ${kind} { ${text} };`,
    isGuard: kind === 'when' && topLevel(operand).some((token) => token.text === 'has'),
    clause,
  };
}

/** Tokens in one line, without comments: blanks stand where there were any. */
function plain(tokens: readonly CedarToken[]): string {
  return tokens
    .map(({ text, at }, index) => {
      const before = tokens[index - 1];
      return before !== undefined && before.at + before.text.length < at ? ` ${text}` : text;
    })
    .join('');
}

interface Clause {
  readonly kind: 'when' | 'unless';
  readonly body: readonly CedarToken[];
}

/** What stands between the outermost braces behind each `when` and `unless`. */
function clausesOf(tokens: readonly CedarToken[]): readonly Clause[] {
  const clauses: Clause[] = [];
  let body: CedarToken[] = [];
  let kind: Clause['kind'] = 'when';
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0 && (token.text === 'when' || token.text === 'unless')) kind = token.text;
    if (token.text === '}') depth--;
    if (depth > 0) body.push(token);
    if (token.text === '{') depth++;
    if (token.text === '}' && depth === 0) {
      clauses.push({ kind, body });
      body = [];
    }
  }
  return clauses;
}

/** The operands of a chain of one operator, without brackets around them; of anything else, the whole of it. */
function operandsOf(bracketed: readonly CedarToken[], operator: '&&' | '||'): readonly CedarToken[][] {
  const tokens = withoutBrackets(bracketed);
  const top = topLevel(tokens);
  const has = (text: string): boolean => top.some((token) => token.text === text);
  // `&&` binds closer than `||`, and `if` takes all that follows into its last branch.
  if (!has(operator) || has('if') || (operator === '&&' && has('||'))) return [[...tokens]];
  const operands: CedarToken[][] = [[]];
  const joints = new Set(top.filter(({ text }) => text === operator));
  for (const token of tokens) {
    if (joints.has(token)) operands.push([]);
    else operands.at(-1)?.push(token);
  }
  return operands.flatMap((operand) => operandsOf(operand, operator));
}

function withoutBrackets(tokens: readonly CedarToken[]): readonly CedarToken[] {
  const isWrapped = tokens[0]?.text === '(' && topLevel(tokens).length === 0;
  return isWrapped ? withoutBrackets(tokens.slice(1, -1)) : tokens;
}

/**
 * The tokens that stand in no brackets. A pair of brackets that something follows, and every other, leaves a mark: an
 * empty list means that one pair holds everything.
 */
function topLevel(tokens: readonly CedarToken[]): readonly CedarToken[] {
  const top: CedarToken[] = [];
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (token.text === ')' || token.text === ']' || token.text === '}') {
      depth--;
      if (depth === 0 && at < tokens.length - 1) top.push(token);
    } else if (token.text === '(' || token.text === '[' || token.text === '{') depth++;
    else if (depth === 0) top.push(token);
  }
  return top;
}
