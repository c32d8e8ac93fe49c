import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#embedded-postgres';
import { environment } from '../config.ts';
import { Child, type ChildSpec } from './child.ts';

/** How often the database server is looked after; it is nobody's child that would tell us. */
const WATCH_MS = 500;

/** Everything that a quickstart has started, and how it all ends together. */
export class Household {
  private readonly children: Child[] = [];
  private postgres: Promise<EmbeddedPostgres> | null = null;
  private stopped: Promise<void> | null = null;
  private tellLoss: (sentence: string) => void = () => undefined;

  /** Resolves with a sentence when something ends that should run. */
  readonly loss = new Promise<string>((resolve) => (this.tellLoss = resolve));

  async startPostgres(): Promise<string> {
    this.refuseWhenStopped();
    this.postgres = startEmbeddedPostgres({ env: environment });
    const { pid, url } = await this.postgres;
    void this.watch(pid);
    return url;
  }

  /** Starts something that runs until the end. */
  start(spec: ChildSpec): Child {
    const child = this.launch(spec);
    void child.ended.then(async () => {
      if (!child.stopping) this.tellLoss(await child.obituary());
    });
    return child;
  }

  /** Starts something that does one thing, and waits for it. Fails  Error with its last words */
  async run(spec: ChildSpec): Promise<void> {
    await this.launch(spec).succeed();
  }

  /** Ends all of it; once, however often it is called. The database goes last. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  /** Ends all processes at once, for a way out that cannot wait. */
  kill(): void {
    for (const child of this.children) child.kill();
  }

  private async stopAll(): Promise<void> {
    await Promise.all(this.children.map((child) => child.stop()));
    // A database that is just being started is waited for: left alone it would stay behind.
    const postgres = await this.postgres?.catch(() => null);
    await postgres?.stop();
  }

  private launch(spec: ChildSpec): Child {
    this.refuseWhenStopped();
    const child = new Child(spec);
    this.children.push(child);
    return child;
  }

  private refuseWhenStopped(): void {
    if (this.stopped !== null) throw new Error('the quickstart is being stopped');
  }

  private async watch(pid: number): Promise<void> {
    while (this.stopped === null) {
      if (!isAlive(pid)) return this.tellLoss('the embedded Postgres ended');
      await sleep(WATCH_MS, undefined, { ref: false });
    }
  }
}

/** A process of another user is alive too, though we may not signal it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
