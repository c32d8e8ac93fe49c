import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT, inheritedEnvironment } from '../config.ts';

/** A process of this same Node that the quickstart needs. */
export interface ChildSpec {
  /** For messages and the log file. */
  readonly name: string;
  /** Below `dist`. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Everything the child says goes here. */
  readonly logFile: string;
}

/** How long a child may take to end when it is asked to. */
const STOP_MS = 5_000;

const DIE_WITH_PARENT = join(PROJECT_ROOT, 'dist/libs/quickstart/src/die-with-parent.js');

/** One running child. */
export class Child {
  private readonly process: ChildProcess;
  private isStopping = false;
  /** Resolves with a sentence when the child has ended, asked or not. */
  readonly ended: Promise<string>;

  constructor(private readonly spec: ChildSpec) {
    const log = openSync(spec.logFile, 'w', 0o600);
    // In a process group of its own: Ctrl-C reaches the quickstart alone, which then stops all in order.
    this.process = spawn(
      process.execPath,
      ['--require', DIE_WITH_PARENT, join(PROJECT_ROOT, 'dist', spec.script), ...(spec.args ?? [])],
      {
        cwd: PROJECT_ROOT,
        env: { ...inheritedEnvironment(), ...spec.environment },
        stdio: ['ignore', log, log, 'ipc'],
        detached: true,
      },
    );
    closeSync(log);
    this.ended = new Promise((resolve) => {
      this.process.once('error', (error) => resolve(`${spec.name} did not start: ${error.message}`));
      this.process.once('exit', (code, signal) =>
        resolve(`${spec.name} ended with ${signal ?? `exit code ${code ?? '?'}`}`),
      );
    });
  }

  get stopping(): boolean {
    return this.isStopping;
  }

  /** Fails  Error with the child's last words when it ends before `ready` */
  async until(ready: Promise<void>): Promise<void> {
    const end = await Promise.race([ready.then(() => null), this.ended]);
    if (end !== null) throw new Error(await this.obituary());
  }

  /** Waits for a process that does one thing and ends. Fails  Error with its last words when it did not succeed */
  async succeed(): Promise<void> {
    const obituary = await this.obituary();
    if (this.process.exitCode !== 0) throw new Error(obituary);
  }

  /** Resolves at the child's first message. */
  async message(): Promise<void> {
    await once(this.process, 'message');
  }

  /** Asks it to end, and makes it end when it does not. */
  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGTERM');
    const force = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS);
    await this.ended;
    clearTimeout(force);
  }

  kill(): void {
    this.isStopping = true;
    this.process.kill('SIGKILL');
  }

  /** How it ended, and the last that it wrote into its log. */
  async obituary(): Promise<string> {
    const end = await this.ended;
    const log = await readFile(this.spec.logFile, 'utf8').catch(() => '');
    const lines = log.trimEnd().split('\n').slice(-15);
    return [end, ...lines.map((line) => `  | ${line}`), `  (all of it: ${this.spec.logFile})`].join('\n');
  }
}
