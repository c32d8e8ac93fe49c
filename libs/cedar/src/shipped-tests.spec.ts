import { runPolicyTests, SHIPPED_POLICIES, SHIPPED_TESTS, untested } from '#core';
import { CedarCompiler } from './cedar-compiler.ts';
import { formatPolicy } from './format-policy.ts';

test('the shipped policies pass their tests, and are tested both ways', () => {
  const compiled = new CedarCompiler().compile(1, { policies: SHIPPED_POLICIES, apis: [], claimed: {} });
  if (!('release' in compiled)) throw new Error(JSON.stringify(compiled.problems));
  const report = runPolicyTests(compiled.release, SHIPPED_TESTS);
  expect(report.results.flatMap(({ differences }) => differences)).toEqual([]);
  expect(untested(report)).toEqual([]);
});

test.each(SHIPPED_POLICIES)('$id is laid out as the formatter would', ({ cedar }) => {
  expect(formatPolicy(cedar)).toEqual({ cedar });
});
