import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { programFile } from '../bundled-programs.ts';

/** Everything that a child of a test needs of the environment; nothing of it configures Oncekey. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot'];

/** Programs of tests call this machine alone (B-10). */
const OFFLINE = resolve('test/support/offline.cjs');

/** A built program of ours, run by the same Node as the tests. */
export class NodeProcess {
  output = '';
  private readonly ended: Promise<number | null>;

  private constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-200_000);
      });
    }
    this.ended = new Promise((done) => child.once('exit', (code) => done(code)));
  }

  /** `program`: path below `dist/`, with its arguments. */
  static start(
    program: readonly string[],
    env: Record<string, string>,
    nodeFlags: readonly string[] = [],
  ): NodeProcess {
    const [entry = '', ...args] = program;
    const passedOn = Object.fromEntries(
      PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    );
    return new NodeProcess(
      spawn(process.execPath, ['--require', OFFLINE, ...nodeFlags, programFile(entry), ...args], {
        env: { ...passedOn, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the process did not start');
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Exit code, or null when a signal ended it. */
  async end(): Promise<number | null> {
    return this.ended;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.isRunning) this.child.kill(signal);
    return this.ended;
  }
}

/** Runs a program to its end. Fails with its output when it does not end well. */
export async function runNode(program: readonly string[], env: Record<string, string>): Promise<string> {
  const running = NodeProcess.start(program, env);
  const code = await running.end();
  if (code !== 0) throw new Error(`${program.join(' ')} ended with ${code}\n${running.output}`);
  return running.output;
}
