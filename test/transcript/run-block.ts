import { spawn } from 'node:child_process';
import type { CommandBlock } from './read-blocks.ts';

/** One command, as it went. */
export interface Step {
  readonly command: string;
  readonly tookMs: number;
  readonly output: string;
}

export interface RanBlock {
  readonly steps: readonly Step[];
  /** Ends what the block left at work, with everything that it started. */
  stop(): Promise<void>;
}

export interface Terminal {
  /** Where it begins. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

const LIMIT_MS = 600_000;
const STOP_MS = 20_000;

/**
 * Types a block into a shell of its own.
 *
 * Fails  Error with all that was said, when a command fails or nothing comes of it within ten minutes
 */
export async function runBlock(
  { commands, until }: CommandBlock,
  { folder, env }: Terminal,
): Promise<RanBlock> {
  // A line that no program says, before each command: so that it is known which one is at work.
  const mark = (at: number): string => `@@ oncekey transcript ${at} @@`;
  const script = commands.map((command, at) => `echo '${mark(at)}'\n${command}\n`).join('');
  // A group of its own, so that all of it can be ended.
  const shell = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: folder,
    env: { ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const begun: number[] = [];
  let isOver = false;
  const ended = new Promise<number | null>((resolve) => shell.once('close', resolve)).finally(
    () => (isOver = true),
  );
  const stop = async (): Promise<void> => {
    if (isOver || shell.pid === undefined) return;
    process.kill(-shell.pid, 'SIGINT');
    const late = setTimeout(() => shell.pid !== undefined && process.kill(-shell.pid, 'SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
  };
  const ready = new Promise<'ready' | 'late'>((resolve) => {
    const late = setTimeout(() => resolve('late'), LIMIT_MS);
    late.unref();
    for (const stream of [shell.stdout, shell.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        while (said.includes(mark(begun.length))) begun.push(performance.now());
        if (until !== null && begun.length === commands.length && said.includes(until)) resolve('ready');
      });
    }
  });
  const outcome = await Promise.race([ended, ready]);
  const isFine = until === null ? outcome === 0 : outcome === 'ready';
  if (!isFine) {
    await stop();
    throw new Error(`${commands[begun.length - 1] ?? 'bash'}: ${String(outcome)}\n${said}`);
  }
  const end = performance.now();
  const steps = commands.map((command, at) => {
    const [, after = ''] = said.split(`${mark(at)}\n`);
    return {
      command,
      tookMs: (begun[at + 1] ?? end) - (begun[at] ?? end),
      output: (after.split(mark(at + 1))[0] ?? '').trim(),
    };
  });
  return { steps, stop };
}
