import type { Answer } from '../answer.ts';

/** One name that a plan adds, removes or changes. */
export interface PlannedChange {
  /** `policies`, `operations`, ... */
  readonly part: string;
  readonly sign: '+' | '-' | '~';
  readonly id: string;
}

const SIGNS = [
  ['added', '+'],
  ['removed', '-'],
  ['changed', '~'],
] as const;

/** A `diff` of the admin API, one change after the other. */
export function changesIn(diff: Answer): readonly PlannedChange[] {
  return Object.keys(diff.value ?? {}).flatMap((part) =>
    SIGNS.flatMap(([name, sign]) =>
      diff
        .at(part)
        .texts(name)
        .map((id) => ({ part: part.replaceAll('_', ' '), sign, id })),
    ),
  );
}

/** Decisions of the past that would be others, for one subject and operation. */
export interface ChangedDecisions {
  readonly count: number;
  readonly operation: string;
  readonly subject: string;
  readonly policies: readonly string[];
  readonly reason: string;
  readonly examples: readonly string[];
}

export function decisionsIn(
  replay: Answer,
  list: 'newly_allowed' | 'newly_denied',
): readonly ChangedDecisions[] {
  return replay.list(list).map((group) => ({
    count: group.number('count'),
    operation: group.text('operation'),
    subject: group.at('subject').text('subject') || group.text('subject'),
    policies: group.texts('policies'),
    reason: group.text('reason'),
    examples: group.texts('examples'),
  }));
}

/** The score of standing privilege, before and after; null after where nobody can tell, since nothing compiles. */
export function standingIn(plan: Answer): { readonly before: number; readonly after: number | null } {
  const standing = plan.at('standing');
  const after = standing.at('after');
  return {
    before: standing.at('before').number('score'),
    after: after.value === null ? null : after.number('score'),
  };
}

/** What stands after and did not before, or the other way round, as `severity rule subject`. */
export function standingDelta(plan: Answer): {
  readonly came: readonly string[];
  readonly went: readonly string[];
} {
  const lines = (name: string): readonly string[] =>
    plan
      .at('standing')
      .at(name)
      .list('findings')
      .map((one) => [one.text('severity'), one.text('rule'), one.text('subject')].join(' '));
  if (standingIn(plan).after === null) return { came: [], went: [] };
  const [before, after] = [lines('before'), lines('after')];
  return {
    came: after.filter((line) => !before.includes(line)),
    went: before.filter((line) => !after.includes(line)),
  };
}

/** A problem or a warning in a line. */
export function findingLine(finding: Answer): string {
  const line = finding.text('line');
  const place = [finding.text('policy'), ...(line === '' ? [] : [line, finding.text('column')])].join(':');
  const suggestion = finding.text('suggestion');
  const rule = finding.text('rule');
  return [
    place,
    finding.text('pointer'),
    finding.text('detail'),
    suggestion === '' ? '' : `(${suggestion})`,
    rule === '' ? '' : `[${rule}]`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}
