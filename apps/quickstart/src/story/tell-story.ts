import type { AuditEvent } from '#core';
import type { QuickstartEnvironment, QuickstartFolder } from '#quickstart';
import type { Screen } from '../screen.ts';
import type { Act, Scene } from './act.ts';
import { theActs } from './acts.ts';
import { openAuditLog } from './audit-log.ts';
import { formatReport, wentAsExpected, type Report } from './report.ts';
import { openStage, type Stage } from './stage.ts';

/** Plays all acts against what runs, a line each. False when one of them went otherwise than it must. */
export async function tellStory(
  { write, colours }: Screen,
  environment: QuickstartEnvironment,
  folder: QuickstartFolder,
): Promise<boolean> {
  write(`\n${colours.bold('The story')}`);
  const auditLog = await openAuditLog(folder);
  try {
    const stage = await openStage(environment);
    const reports: Report[] = [];
    for (const act of theActs()) {
      const scene = await play(act, stage);
      const event: AuditEvent | null =
        'auditId' in scene && scene.auditId !== null ? await auditLog.find(scene.auditId) : null;
      const report = { act, scene, event };
      reports.push(report);
      write(formatReport(report, reports.length, colours));
    }
    const failed = reports.filter((report) => !wentAsExpected(report)).length;
    if (failed > 0) {
      write(colours.red(colours.bold(`\n${failed} of ${reports.length} acts went OTHERWISE than they must`)));
    }
    return failed === 0;
  } finally {
    await auditLog.close();
  }
}

async function play(act: Act, stage: Stage): Promise<Scene | { fault: string }> {
  try {
    return await act.play(stage);
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}
