import { CHECKS, sourceOf } from './check-sources.ts';
import type { FoundCheck } from './find-checks.ts';

/** What is supported, as the tests say it: the order depends on nothing but the tests. */
export function conformancePage(found: readonly FoundCheck[]): string {
  const rows = [...new Set(found.toSorted(byCheck).map(rowOf))];
  const shown = new Set(found.map(({ check }) => check));
  const missing = Array.from({ length: CHECKS }, (_, at) => at + 1).filter((check) => !shown.has(check));
  return [
    '# Conformance',
    '',
    'What is supported, by the names of the tests that show it. `test/conformance` has one file for each specification',
    'and runs against a real broker over HTTP; what is shown elsewhere is listed with it.',
    '',
    '| check | specification | what is shown | test |',
    '|---|---|---|---|',
    ...rows,
    '',
    '## Not shown by a test of its own',
    '',
    ...(missing.length === 0 ? ['Nothing.'] : missing.map((check) => `- ${check}: ${sourceOf(check)}`)),
    '',
  ].join('\n');
}

function rowOf({ check, source, sentence, file }: FoundCheck): string {
  const cells = [check === null ? '' : String(check), source, sentence, `[${nameOf(file)}](../../${file})`];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function nameOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.(?:e2e-|int-)?spec\.ts$/, '');
}

function byCheck(one: FoundCheck, other: FoundCheck): number {
  const keys = (check: FoundCheck): readonly string[] => [
    String(check.check ?? 999).padStart(3, '0'),
    check.source,
    // The suite itself goes first.
    check.file.startsWith('test/conformance/') ? '0' : '1',
    check.file,
    check.sentence,
  ];
  const [a, b] = [keys(one), keys(other)];
  const at = a.findIndex((key, index) => key !== b[index]);
  if (at === -1) return 0;
  return (a[at] ?? '') < (b[at] ?? '') ? -1 : 1;
}
