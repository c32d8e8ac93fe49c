import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ended, QuickstartProcess } from './quickstart-process.ts';

interface ProbeRow {
  readonly id: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly says: string;
  readonly fixes: readonly string[];
}

/** What `oncekey probe --json` prints. */
export interface ProbeReport {
  readonly passed: boolean;
  readonly gateway: string | null;
  readonly rows: readonly ProbeRow[];
}

/** Registers a resource server, or registers it anew. */
export async function registerServer(quickstart: QuickstartProcess, document: object): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'oncekey-server-'));
  const file = join(folder, 'server.json');
  writeFileSync(file, JSON.stringify(document));
  const put = await quickstart.oncekey('put', 'resource-servers', file);
  rmSync(folder, { recursive: true, force: true });
  if (put.exitCode !== 0) throw new Error(put.stderr);
}

/** Fails  Error with what it said when there is no report */
export async function runProbe(
  quickstart: QuickstartProcess,
  ...args: readonly string[]
): Promise<Ended & { report: ProbeReport }> {
  const run = await quickstart.oncekey('probe', ...args, '--json');
  if (run.stdout === '') throw new Error(run.stderr);
  return { ...run, report: JSON.parse(run.stdout) as ProbeReport };
}

export function failedRows({ rows }: ProbeReport): readonly ProbeRow[] {
  return rows.filter(({ state }) => state === 'failed');
}
