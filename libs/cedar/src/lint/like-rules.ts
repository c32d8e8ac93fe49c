import { isJsonObject } from '#core';
import { cedarTokens } from '../cedar-tokens.ts';
import { referencesOf } from '../references.ts';
import type { Finding, LintedPolicy } from './lint-rule.ts';

/** Attributes in which `/` separates what is not the same. */
const WITH_SLASHES = new Set(['operation.path', 'operation.target_uri']);

/** Nothing, or almost nothing, is asked of the text. */
const BROAD = /^(?:\**|https?:\/\/\**|\*+\.?[A-Za-z]{2,3}|\*+@\*+|\*+\/\*+)$/;

/** `like` patterns that match more than they seem to. `*` is all that a pattern has, and it matches any text at all. */
export function lintLikes({ source, json }: LintedPolicy): readonly Finding[] {
  return likesIn(json.conditions).flatMap(({ left, literal, wildcards }) => {
    const at = positionOfLike(source.cedar, literal);
    const findings: Finding[] = [];
    if (BROAD.test(literal)) {
      const message =
        literal === ''
          ? 'the empty pattern matches the empty text only'
          : `the pattern "${literal}" asks for almost nothing`;
      findings.push({ rule: 'broad-like', message, at });
    }
    const crossed = referencesOf([left]).accesses.find(
      ({ variable, path }) => variable === 'context' && WITH_SLASHES.has(path),
    );
    if (crossed !== undefined && wildcards > 0) {
      const message = `* in "${literal}" crosses /: it matches longer paths too; compare context.operation.params, or name the operation`;
      findings.push({ rule: 'like-crosses-slash', message, at });
    }
    return findings;
  });
}

interface Like {
  readonly left: unknown;
  /** The pattern as Cedar writes it, without quotes. */
  readonly literal: string;
  readonly wildcards: number;
}

function likesIn(node: unknown): readonly Like[] {
  if (Array.isArray(node)) return node.flatMap(likesIn);
  if (!isJsonObject(node)) return [];
  const { like } = node;
  if (isJsonObject(like) && Array.isArray(like['pattern'])) {
    const elements = like['pattern'].map(elementOf);
    const wildcards = elements.filter((element) => element === '*').length;
    return [...likesIn(like['left']), { left: like['left'], literal: elements.join(''), wildcards }];
  }
  return Object.values(node).flatMap(likesIn);
}

/** One character of a pattern, or a wildcard. */
function elementOf(element: unknown): string {
  if (!isJsonObject(element)) return '*';
  return String(element['Literal']).replaceAll(/[*"\\]/g, '\\$&');
}

/** JSON has no positions: the place is the first `like` before this pattern, or the first of all if it is escaped otherwise. */
function positionOfLike(cedar: string, literal: string): number {
  const tokens = cedarTokens(cedar);
  const likes = tokens.filter(({ text }, at) => text === 'like' && tokens[at + 1]?.text.startsWith('"'));
  const exact = likes.find((like) => tokens[tokens.indexOf(like) + 1]?.text === `"${literal}"`);
  return (exact ?? likes[0])?.at ?? 0;
}
