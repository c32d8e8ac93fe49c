import type { Answer } from '../answer.ts';
import {
  changesIn,
  decisionsIn,
  findingLine,
  standingDelta,
  standingIn,
  type ChangedDecisions,
} from './plan-facts.ts';

/** What `POST /draft/plan` answers, as a comment for a pull request: newly allowed first, since that is the danger. */
export function markdownPlan(plan: Answer): string {
  const replay = plan.at('replay');
  const { before, after } = standingIn(plan);
  const { came, went } = standingDelta(plan);
  const findings = (name: string): readonly string[] =>
    plan.list(name).map((one) => `- ${code(findingLine(one))}`);
  return [
    '## Oncekey plan',
    ...section('Problems: this cannot be published', findings('problems')),
    ...section(':warning: Newly allowed', decisions(decisionsIn(replay, 'newly_allowed'))),
    ...section('Newly denied', decisions(decisionsIn(replay, 'newly_denied'))),
    ...section('Changes', changes(plan)),
    ...section('Tests', plan.at('tests').value === null ? [] : tests(plan.at('tests'))),
    ...section('Warnings', findings('warnings')),
    ...section('Standing privilege', [
      `Score ${before} → ${after ?? '?'}`,
      ...came.map((line) => `- new: ${code(line)}`),
      ...went.map((line) => `- gone: ${code(line)}`),
    ]),
    ...(replay.value === null
      ? []
      : [
          '',
          `<sub>${replay.number('considered')} of ${replay.number('total')} recorded decisions were decided again; ${replay.number('unchanged')} are unchanged.</sub>`,
        ]),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines];
}

function changes(plan: Answer): readonly string[] {
  const found = changesIn(plan.at('diff'));
  if (found.length === 0) return ['None: this is what is live.'];
  return [
    '```diff',
    ...found.map(({ sign, part, id }) => `${sign === '~' ? '!' : sign} ${part} ${id}`),
    '```',
  ];
}

function decisions(changed: readonly ChangedDecisions[]): readonly string[] {
  if (changed.length === 0) return [];
  return [
    '| decisions | operation | subject | policies | reason | example |',
    '| ---: | --- | --- | --- | --- | --- |',
    ...changed.map(({ count, operation, subject, policies, reason, examples }) => {
      const cells = [operation, subject, policies.join(', ') || '-', reason, examples[0] ?? ''];
      return `| ${count} | ${cells.map((cell) => (cell === '' ? '' : code(cell))).join(' | ')} |`;
    }),
  ];
}

function tests(report: Answer): readonly string[] {
  const all = report.list('tests');
  const red = all.filter((test) => !test.isTrue('passed'));
  return [
    `${all.length - red.length} of ${all.length} pass.`,
    ...red.map((test) => `- :x: ${code(test.text('id'))}: ${test.texts('differences').map(code).join(', ')}`),
    ...report
      .list('untested')
      .map((one) => `- ${code(one.text('policy'))} has no ${one.texts('missing').join(' and no ')} test`),
  ];
}

/** A code span that its text cannot end: names are whatever somebody wrote, and comments may ping or link. */
function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')}\``;
}
