import type { CedarToken } from './cedar-tokens.ts';

/** A stretch of text, as indexes of its first character and of the one after its last. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The constraints between the brackets of a policy's head, without commas and without comments around them. */
export interface PolicyHead {
  readonly principal: Stretch;
  readonly action: Stretch;
  readonly resource: Stretch;
  /** Index of the token after the closing bracket. */
  readonly end: number;
}

/** Finds the head of the first policy in these tokens; null when there is none. */
export function policyHead(tokens: readonly CedarToken[]): PolicyHead | null {
  const effect = tokens.findIndex(
    ({ text }, at) => (text === 'permit' || text === 'forbid') && tokens[at - 1]?.text !== '@',
  );
  if (effect === -1 || tokens[effect + 1]?.text !== '(') return null;
  const constraints: CedarToken[][] = [[]];
  let depth = 1;
  let at = effect + 2;
  for (; depth > 0 && at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.text === '(' || token.text === '[') depth++;
    if (token.text === ')' || token.text === ']') depth--;
    if (token.text === ',' && depth === 1) constraints.push([]);
    else if (depth > 0) constraints.at(-1)?.push(token);
  }
  const [principal, action, resource] = constraints.map(stretchOf);
  return principal && action && resource ? { principal, action, resource, end: at } : null;
}

/** From the first of these tokens to the end of the last; null when there are none. */
function stretchOf(tokens: readonly CedarToken[]): Stretch | null {
  const [first] = tokens;
  const last = tokens.at(-1);
  return first === undefined || last === undefined
    ? null
    : { from: first.at, to: last.at + last.text.length };
}
