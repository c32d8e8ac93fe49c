import type { Colours } from '#quickstart';
import type { Answer } from '../answer.ts';
import { columns } from '../columns.ts';

/** What `POST /draft/test` answers, for people: each test, what differs, and which policies lack a test. */
export function formatTestReport(report: Answer, colours: Colours): readonly string[] {
  return [...testLines(report.list('tests'), colours), ...summaryOf(report, colours)];
}

/** As `formatTestReport`, of the tests only those that fail. */
export function formatRedTests(report: Answer, colours: Colours): readonly string[] {
  const red = report.list('tests').filter((test) => !test.isTrue('passed'));
  return [...testLines(red, colours), ...summaryOf(report, colours).map((line) => `  ${line.trimStart()}`)];
}

function testLines(tests: readonly Answer[], colours: Colours): readonly string[] {
  const rows = columns(
    tests.map((test) => [
      test.isTrue('passed') ? colours.green('✓') : colours.red('✗'),
      test.text('id'),
      test.text('name'),
    ]),
    '  ',
  );
  return tests.flatMap((test, at) => [
    rows[at] ?? '',
    ...test.texts('differences').map((difference) => `      ${colours.red(difference)}`),
  ]);
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
