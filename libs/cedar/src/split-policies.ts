import type { PolicyProblem, PolicySource } from '#core';
import { cedarTokens, type CedarToken } from './cedar-tokens.ts';
import { positionOf } from './text-position.ts';

/** A policy out of a file. */
export interface FiledPolicy extends PolicySource {
  readonly file: string;
  /** Line of the file where its text begins, from 1: a problem in line `n` of the policy is in line `line + n - 1`. */
  readonly line: number;
}

/**
 * The policies of a `*.cedar` file. A policy is called what its `@id("...")` says; the only policy of a file may do
 * without, and is called like the file. Comments before a policy belong to it; each ends with a newline, as a file of
 * its own would.
 *
 * In   fileName  with or without folders; its last part without `.cedar` is the name of a policy without `@id`
 */
export function splitPolicies(
  text: string,
  fileName: string,
): { policies: readonly FiledPolicy[] } | { problems: readonly PolicyProblem[] } {
  const baseName = fileName.replace(/^.*[/\\]/, '').replace(/\.cedar$/, '');
  const pieces = policyPieces(text);
  const policies: FiledPolicy[] = [];
  const problems: PolicyProblem[] = [];
  for (const piece of pieces) {
    const id = idOf(piece.tokens) ?? (pieces.length === 1 ? baseName : null);
    const { line, column } = positionOf(text, piece.tokens[0]?.at ?? 0);
    if (id === null) {
      const message = 'a file of several policies needs an @id("...") on each';
      problems.push({ policy: baseName, message, line, column, suggestion: null });
    } else {
      policies.push({ id, cedar: `${piece.text}\n`, file: fileName, line: positionOf(text, piece.at).line });
    }
  }
  return problems.length === 0 ? { policies } : { problems };
}

interface PolicyPiece {
  readonly text: string;
  /** Index of its first character in the file. */
  readonly at: number;
  readonly tokens: readonly CedarToken[];
}

/** Each policy ends with `;`. What follows the last one, if it is more than comments, is a policy too: a broken one. */
export function policyPieces(text: string): readonly PolicyPiece[] {
  const pieces: PolicyPiece[] = [];
  let from = 0;
  let tokens: CedarToken[] = [];
  const cut = (to: number): void => {
    const whole = text.slice(from, to);
    const at = from + whole.length - whole.trimStart().length;
    pieces.push({ text: text.slice(at, to), at, tokens });
    from = to;
    tokens = [];
  };
  for (const token of cedarTokens(text)) {
    tokens.push(token);
    if (token.text === ';') cut(token.at + 1);
  }
  if (tokens.length > 0) cut(text.trimEnd().length);
  return pieces;
}

/** The value of `@id("...")`. Ids hold nothing that would need an escape, so the literal is taken as it stands. */
function idOf(tokens: readonly CedarToken[]): string | null {
  const at = tokens.findIndex((token, index) => token.text === '@' && tokens[index + 1]?.text === 'id');
  const value = at === -1 ? undefined : tokens[at + 3]?.text;
  return tokens[at + 2]?.text === '(' && value?.startsWith('"') ? value.slice(1, -1) : null;
}
