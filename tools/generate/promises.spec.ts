import { CHECKS, sourceOf } from './check-sources.ts';
import { findCases } from './find-cases.ts';
import { findChecks } from './find-checks.ts';
import { casesWithoutTest } from './hostile-cases-page.ts';
import { testFiles } from './test-files.ts';

/** Of what there is nothing to show yet. */
const NOT_BUILT: ReadonlySet<string> = new Set(['Deferred Token Response', 'AuthZEN Authorization API 1.0']);

const files = testFiles();

it('every acceptance check of what is built is the name of a test', () => {
  const shown = new Set(files.flatMap(({ file, text }) => findChecks(file, text)).map(({ check }) => check));
  const all = Array.from({ length: CHECKS }, (_, at) => at + 1);
  const missing = all.filter((check) => !shown.has(check) && !NOT_BUILT.has(sourceOf(check)));
  expect(missing).toEqual([]);
});

it('every hostile case is in the name of a test', () => {
  expect(casesWithoutTest(files.flatMap(({ file, text }) => findCases(file, text)))).toEqual([]);
});

it.each([
  ['in the name of a test', `it('J-28, check 3: a claim twice', f)`, ['J-28']],
  ['several in one', `describe('C-15, X-17, I-45 what is disabled', f)`, ['C-15', 'X-17', 'I-45']],
  ['none in a comment', `// J-28 is elsewhere`, []],
  ['none that is no case', `it('J-99 and ES-256, UTF-16', f)`, []],
])('finds hostile cases: %s', (_, text, ids) => {
  expect(findCases('x.spec.ts', text).map(({ id }) => id)).toEqual(ids);
});
