import { runPolicyTests } from '#core';
import { Answer } from '../answer.ts';
import { EXIT } from '../failure.ts';
import { compileFolder } from '../policies/compile-folder.ts';
import { formatTestReport } from '../policies/format-test-report.ts';
import { tellProblems } from '../policies/tell-problems.ts';
import { testReportDocument } from '../policies/test-report-document.ts';
import type { Terminal } from '../terminal.ts';

/** Runs `tests.yaml` of a folder on its policies, offline. Out: 1 when a test fails or the folder does not compile. */
export async function policyTest(
  terminal: Terminal,
  folder: string,
  { json }: { json?: boolean },
): Promise<number> {
  const compiled = await compileFolder(folder);
  if ('problems' in compiled) return tellProblems(terminal, compiled.problems, json);
  const report = testReportDocument(runPolicyTests(compiled.release, compiled.tests.tests));
  if (json === true) terminal.print(JSON.stringify(report));
  else for (const line of formatTestReport(new Answer(report), terminal.colours)) terminal.print(line);
  return report['passed'] === true ? EXIT.done : EXIT.refused;
}
