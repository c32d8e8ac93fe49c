import {
  administered,
  catalogProblems,
  type BackgroundPolicyCompiler,
  type CompiledRelease,
  type PolicyCompiler,
  type PolicyProblem,
  type PolicySource,
  type ReleaseDocument,
} from '#core';
import { CedarRelease } from './cedar-release.ts';
import { POLICY_LIMITS } from './policy-limits.ts';
import { ENGINE_SLOTS, type PreparsedSlots } from './preparsed-slots.ts';
import { readPolicy, type ReadPolicy } from './read-policy.ts';
import { atOnce, inTurns, type Steps } from './steps.ts';
import { START } from './text-position.ts';
import { TwoReleases } from './two-releases.ts';
import { validatePolicies } from './validate-policies.ts';
import { Vocabulary } from './vocabulary.ts';

/**
 * Compiles releases of Cedar policies, with the admin API in each of them. Problems of the catalog are told under
 * `catalog#` and a JSON pointer.
 */
export class CedarCompiler implements PolicyCompiler, BackgroundPolicyCompiler {
  private readonly read = new TwoReleases<ReadPolicy>();
  private readonly sound = new TwoReleases<true>();

  constructor(
    private readonly slots: PreparsedSlots = ENGINE_SLOTS,
    private readonly limits: Pick<typeof POLICY_LIMITS, 'policies'> = POLICY_LIMITS,
  ) {}

  compile(number: number, written: ReleaseDocument): CompiledRelease {
    return atOnce(this.steps(number, written));
  }

  compileInTurns(number: number, written: ReleaseDocument): Promise<CompiledRelease> {
    return inTurns(this.steps(number, written));
  }

  private *steps(number: number, written: ReleaseDocument): Steps<CompiledRelease> {
    const document = administered(written);
    const { apis, claimed, policies: sources } = document;
    if (sources.length > this.limits.policies)
      return { problems: [problem('policies', `a release has at most ${this.limits.policies} policies`)] };

    this.read.next();
    this.sound.next();
    const vocabulary = new Vocabulary(apis, claimed);
    const problems: PolicyProblem[] = [];
    const policies: ReadPolicy[] = [];
    for (const source of uniqueOf(sources, problems)) {
      policies.push(...this.policyOf(source, vocabulary, problems));
      yield;
    }
    const ofCatalog = catalogProblems(written.apis, claimed);
    if (ofCatalog.length === 0)
      problems.push(...(yield* validatePolicies(policies, document, { vocabulary, sound: this.sound })));
    const found = [
      ...ofCatalog.map(({ pointer, message }) => problem(`catalog${pointer}`, message)),
      ...inOrder(problems, sources),
    ];
    if (found.length > 0) return { problems: found };
    const release = new CedarRelease(number, { document, policies }, this.slots);
    yield* release.prepare();
    return { release };
  }

  /** A policy without problems is read once: nothing but its text has a say. */
  private policyOf(
    source: PolicySource,
    vocabulary: Vocabulary,
    problems: PolicyProblem[],
  ): readonly ReadPolicy[] {
    const wrong: ReadPolicy[] = [];
    const sound = this.read.recall(JSON.stringify([source.id, source.cedar]), () => {
      const read = readPolicy(source, vocabulary);
      problems.push(...read.problems);
      if (read.policy !== null && read.problems.length === 0) return read.policy;
      if (read.policy !== null) wrong.push(read.policy);
      return null;
    });
    return sound === null ? wrong : [sound];
  }
}

function problem(policy: string, message: string): PolicyProblem {
  return { policy, message, ...START, suggestion: null };
}

function uniqueOf(sources: readonly PolicySource[], problems: PolicyProblem[]): readonly PolicySource[] {
  const ids = new Set<string>();
  return sources.filter(({ id }) => {
    const isNew = !ids.has(id);
    if (!isNew) problems.push(problem(id, `there are two policies of the id ${id}`));
    ids.add(id);
    return isNew;
  });
}

/** By policy as they were given, then by place. Cedar tells the same fault once per operation: it is kept once. */
function inOrder(
  problems: readonly PolicyProblem[],
  sources: readonly PolicySource[],
): readonly PolicyProblem[] {
  const rank = new Map(sources.map(({ id }, at) => [id, at]));
  const unique = new Map(
    problems.map((one) => [JSON.stringify([one.policy, one.line, one.column, one.message]), one]),
  );
  return [...unique.values()].toSorted(
    (a, b) =>
      (rank.get(a.policy) ?? 0) - (rank.get(b.policy) ?? 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.message < b.message ? -1 : 1),
  );
}
