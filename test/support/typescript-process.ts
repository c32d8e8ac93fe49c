import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Runs TypeScript in a Node process of its own. It may import `.ts` files by their path, and no alias. */
export function startTypescript(
  source: string,
  options: SpawnOptions = {},
  node = process.execPath,
): ChildProcess {
  const hook = join(__dirname, 'typescript-hook.cjs');
  const main = `require('node:module').createRequire(${JSON.stringify(join(ROOT, 'main.js'))})`;
  const program = `const load = ${main}; (async () => { ${source} })().catch((e) => { console.error(e.message); process.exit(1); });`;
  return spawn(node, ['--require', hook, '--eval', program], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
}

export interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** Everything that a process says on both its channels, until it ends. */
export function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let said = '';
    for (const channel of [child.stdout, child.stderr]) {
      channel?.on('data', (chunk: Buffer) => void (said += chunk.toString()));
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, said: said.trim() }));
  });
}

/** The first line that a process says; fails when it ends before. */
export function firstLineOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('\n')) resolve(said.split('\n')[0] ?? '');
    });
    child.stderr?.on('data', (chunk: Buffer) => void (said += chunk.toString()));
    child.once('close', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
}
