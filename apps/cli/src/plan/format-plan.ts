import type { Colours } from '#quickstart';
import type { Answer } from '../answer.ts';
import { columns } from '../columns.ts';
import { formatRedTests } from '../policies/format-test-report.ts';
import {
  changesIn,
  decisionsIn,
  findingLine,
  standingDelta,
  standingIn,
  type ChangedDecisions,
} from './plan-facts.ts';

/** What is added, removed and changed, a line each. */
export function formatDiff(diff: Answer, colours: Colours): readonly string[] {
  const paint = { '+': colours.green, '-': colours.red, '~': colours.yellow };
  return columns(
    changesIn(diff).map(({ part, sign, id }) => [paint[sign](sign), part, id]),
    '  ',
  );
}

/** What `POST /draft/plan` answers, for people: the dangerous things first. */
export function formatPlan(plan: Answer, colours: Colours): readonly string[] {
  const diff = formatDiff(plan.at('diff'), colours);
  const { before, after } = standingIn(plan);
  const { came, went } = standingDelta(plan);
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [colours.bold(title), ...lines];
  const findings = (name: string): readonly string[] => plan.list(name).map((one) => `  ${findingLine(one)}`);
  return [
    ...section('Problems', findings('problems').map(colours.red)),
    ...section('Changes', diff.length === 0 ? ['  none: this is what is live'] : diff),
    ...replayLines(plan.at('replay'), { section, colours }),
    ...section('Tests', plan.at('tests').value === null ? [] : formatRedTests(plan.at('tests'), colours)),
    ...section('Warnings', findings('warnings').map(colours.yellow)),
    ...section('Standing privilege', [
      `  score ${before} -> ${after ?? '?'}`,
      ...came.map((line) => `  ${colours.red('+')} ${line}`),
      ...went.map((line) => `  ${colours.green('-')} ${line}`),
    ]),
  ];
}

function replayLines(
  replay: Answer,
  {
    section,
    colours,
  }: { section: (title: string, lines: readonly string[]) => readonly string[]; colours: Colours },
): readonly string[] {
  if (replay.value === null) return [];
  const considered = `  ${replay.number('considered')} of ${replay.number('total')} recorded decisions were decided again`;
  return [
    ...section('Newly allowed', groups(decisionsIn(replay, 'newly_allowed'), colours.red)),
    ...section('Newly denied', groups(decisionsIn(replay, 'newly_denied'), colours.yellow)),
    ...section('Replay', [`${considered}, ${replay.number('unchanged')} unchanged`]),
  ];
}

function groups(changed: readonly ChangedDecisions[], paint: (text: string) => string): readonly string[] {
  return columns(
    changed.map(({ count, operation, subject, policies, reason, examples }) => [
      paint(`${count} x`),
      operation,
      subject,
      policies.join(', ') || '-',
      reason,
      examples[0] ?? '',
    ]),
    '  ',
  );
}
