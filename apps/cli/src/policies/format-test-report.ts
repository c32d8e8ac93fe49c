import type { Colours } from '#quickstart';
import type { Answer } from '../answer.ts';
import { columns } from '../columns.ts';

/** What `POST /draft/test` answers, for people: each test, what differs, and which policies lack a test. */
export function formatTestReport(report: Answer, colours: Colours): readonly string[] {
  const tests = report.list('tests');
  const rows = columns(
    tests.map((test) => [
      test.isTrue('passed') ? colours.green('✓') : colours.red('✗'),
      test.text('id'),
      test.text('name'),
    ]),
    '  ',
  );
  const lines = tests.flatMap((test, at) => [
    rows[at] ?? '',
    ...test.texts('differences').map((difference) => `      ${colours.red(difference)}`),
  ]);
  return [...lines, ...summaryOf(report, colours)];
}

function summaryOf(report: Answer, colours: Colours): readonly string[] {
  const tests = report.list('tests');
  const red = tests.filter((test) => !test.isTrue('passed')).length;
  const untested = report.list('untested');
  const policies = report.list('coverage').length;
  const passed = `${tests.length - red} of ${tests.length} tests pass`;
  return [
    ...untested.map(
      (one) =>
        `  ${colours.yellow('!')} ${one.text('policy')} has no ${one.texts('missing').join(' and no ')} test`,
    ),
    `${red === 0 ? colours.green(passed) : colours.red(passed)}; ${policies - untested.length} of ${policies} policies are tested both ways`,
  ];
}
