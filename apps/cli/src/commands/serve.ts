import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { DIST, environment } from '../config.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

const PROCESSES = ['broker', 'admin'] as const;

const FORWARDED = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

interface End {
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs the broker and the admin process on `DATABASE_URL` until one of them ends or a signal comes, and then lets
 * both finish what they are doing. Restarts nothing: that is for the service manager, which sees the exit code.
 *
 * Out    exit code of the first that ended; 0 after a signal when both ended cleanly
 */
export async function serve(terminal: Terminal): Promise<number> {
  if ((environment['DATABASE_URL'] ?? '') === '') {
    throw new Failure('DATABASE_URL is not set: it names the database of the broker', EXIT.usage);
  }
  const children = PROCESSES.map(startProcess);
  let asked: NodeJS.Signals | null = null;
  const stop = (signal: NodeJS.Signals): void => {
    for (const { child } of children) child.kill(signal);
  };
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      asked ??= signal;
      stop('SIGTERM');
    });
  }
  const ends = children.map(({ ended }) => ended);
  const first = await Promise.race(ends);
  if (asked === null) terminal.remark(`${sentence(first)}; stopping the others`);
  stop('SIGTERM');
  const all = await Promise.all(ends);
  if (asked === null) return first.code === null || first.code === 0 ? EXIT.refused : first.code;
  const unclean = all.find(({ code, signal }) => code !== 0 && signal !== 'SIGTERM');
  return unclean === undefined ? EXIT.done : (unclean.code ?? EXIT.refused);
}

function startProcess(name: string): { child: ChildProcess; ended: Promise<End> } {
  // A process group of its own, so that Ctrl-C reaches it once: through us.
  const child = spawn(
    process.execPath,
    [
      '--require',
      join(DIST, 'libs/quickstart/src/die-with-parent.js'),
      join(DIST, `apps/${name}/src/main.js`),
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true },
  );
  const ended = new Promise<End>((resolve) => {
    child.once('error', () => resolve({ name, code: EXIT.unavailable, signal: null }));
    child.once('exit', (code, signal) => resolve({ name, code, signal }));
  });
  return { child, ended };
}

function sentence({ name, code, signal }: End): string {
  return `the ${name} ended with ${signal ?? `exit code ${code ?? '?'}`}`;
}
