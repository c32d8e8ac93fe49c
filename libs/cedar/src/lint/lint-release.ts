import { administered, type PolicyWarning, type ReleaseDocument } from '#core';
import { cedarTokens } from '../cedar-tokens.ts';
import { policyHead } from '../policy-head.ts';
import { operationsInScope } from '../policy-scope.ts';
import { readPolicy } from '../read-policy.ts';
import { positionOf } from '../text-position.ts';
import { Vocabulary } from '../vocabulary.ts';
import { lintLikes } from './like-rules.ts';
import type { LintedPolicy, LintedRelease, Rule } from './lint-rule.ts';
import { lintScope } from './scope-rules.ts';
import { lintShadow } from './shadow-rule.ts';
import { lintTests } from './test-rules.ts';

const RULES: readonly Rule[] = [lintScope, lintShadow, lintLikes, lintTests];

/**
 * What is allowed in the policies of a release and yet may not be meant, by policy as they were given, then by place.
 * Policies that cannot be read are passed over: compiling tells what is wrong with them. So does it of conditions that
 * Cedar knows to be impossible. Whether anything tests a policy is looked at where the document says `tests`.
 */
export function lintRelease(document: ReleaseDocument): readonly PolicyWarning[] {
  const { apis, claimed, policies: sources, tests = null } = administered(document);
  const vocabulary = new Vocabulary(apis, claimed);
  const policies = sources.flatMap((source): readonly LintedPolicy[] => {
    const { policy } = readPolicy(source, vocabulary);
    const head = policyHead(cedarTokens(source.cedar));
    if (policy === null || head === null) return [];
    return [{ ...policy, head, operations: operationsInScope(policy.scope, apis) }];
  });
  const release: LintedRelease = { policies, apis, tests };
  return policies.flatMap((policy) => warningsOf(policy, release));
}

function warningsOf(policy: LintedPolicy, release: LintedRelease): readonly PolicyWarning[] {
  return RULES.flatMap((rule) => rule(policy, release))
    .toSorted((a, b) => a.at - b.at)
    .map(({ rule, message, at }) => ({
      policy: policy.source.id,
      rule,
      message,
      ...positionOf(policy.source.cedar, at),
    }));
}
