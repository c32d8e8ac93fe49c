import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from './node-process.ts';

/** Loads files with `oncekey seed`, byte for byte as they are given. Fails with its output when they are refused. */
export async function seedFiles(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'oncekey-files-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await runNode(['apps/cli/src/main.js', 'seed', folder], { ...env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
