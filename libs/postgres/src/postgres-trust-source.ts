import { setTimeout as sleep } from 'node:timers/promises';
import { STALENESS_BOUND_MS, Unavailable, type EpochMs, type Trust, type TrustSource } from '#core';
import { DatabaseClock } from './database-clock.ts';
import { TrustConnection, type TrustDatabase } from './trust-connection.ts';
import type { DecidingRows, TrustRows } from './trust-rows.ts';
import { WakeUp } from './wake-up.ts';

export interface TrustSourceOptions {
  readonly database: TrustDatabase;
  /**
   * Pure. Null when nothing can be trusted on these rows; then nothing is, whatever was trusted before. What was trusted
   * before stays in force meanwhile, within the staleness bound. One at a time.
   */
  readonly compile: (rows: TrustRows) => Promise<Trust | null>;
  /** Hears of each problem once, when it begins. */
  readonly onProblem: (what: string, cause: unknown) => void;
  /** Hears that the key ring may have changed: the database said so, or nobody listened for a while. */
  readonly onKeysChanged?: () => void;
}

/** For readiness; the texts are ours and tell no secret. */
export interface TrustStatus {
  readonly connected: boolean;
  readonly revision: string | null;
  readonly release: number | null;
  /** Since the revision was last known to be the newest; null when it never was. */
  readonly confirmedMsAgo: number | null;
  /** Why `current` fails; null when it answers. */
  readonly problem: string | null;
}

const NOTHING: DecidingRows = { release: null, shadow: null };

/** The net below NOTIFY. */
const POLL_MS = 500;

/** With the connection's own time-out this stays below a second. */
const RECONNECT_MS = 250;

/**
 * Follows what the database trusts. NOTIFY tells of a change at once, a poll finds it where NOTIFY was lost, and a
 * revision that cannot be confirmed any more is not believed for longer than the staleness bound.
 */
export class PostgresTrustSource implements TrustSource {
  private readonly clock = new DatabaseClock();
  private readonly wakeUp = new WakeUp();
  private connection: TrustConnection | null = null;
  private loaded: { rows: TrustRows; trust: Trust | null } | null = null;
  /** Of `performance.now()`: when a question was sent whose answer was that `loaded` is the newest. */
  private confirmedAt: number | null = null;
  private reported: string | null = null;
  private running: Promise<void> | null = null;
  private isStopping = false;

  constructor(private readonly options: TrustSourceOptions) {}

  current(): Trust {
    const trust = this.loaded?.trust ?? null;
    const problem = this.problem();
    if (problem !== null || trust === null) throw new Unavailable(problem ?? 'trust is not known');
    return trust;
  }

  /** The time by the database's clock. Fails  Unavailable before the first contact */
  databaseNow(): EpochMs {
    return this.clock.now();
  }

  /** How far the database's clock is ahead of this machine's. Fails as `databaseNow` does. */
  clockSkewMs(): number {
    return this.clock.skewMs();
  }

  status(): TrustStatus {
    return {
      connected: this.connection !== null,
      revision: this.loaded?.rows.registrations.revision ?? null,
      release: this.loaded?.rows.release?.number ?? null,
      confirmedMsAgo: this.confirmedAt === null ? null : performance.now() - this.confirmedAt,
      problem: this.problem(),
    };
  }

  /** Resolves after the first attempt, whether it went well or not: `status` tells. */
  async start(): Promise<void> {
    if (this.running !== null) return;
    this.isStopping = false;
    const first = this.attempt();
    this.running = first.then((isWell) => this.follow(isWell));
    await first;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.wakeUp.call();
    await this.running;
    this.running = null;
    await this.disconnect();
  }

  private async follow(isWell: boolean): Promise<void> {
    while (!this.isStopping) {
      if (isWell) await this.wakeUp.sleep(POLL_MS);
      // A server that hangs up on everybody must not be asked without pause.
      else await sleep(RECONNECT_MS);
      if (!this.isStopping) isWell = await this.attempt();
    }
  }

  private async attempt(): Promise<boolean> {
    try {
      await this.confirm(this.connection ?? (await this.connect()));
      this.report(this.problem(), null);
      return true;
    } catch (error) {
      await this.disconnect();
      this.report('the database does not tell what is trusted', error);
      return false;
    }
  }

  private async connect(): Promise<TrustConnection> {
    const connection = await TrustConnection.open(this.options.database, {
      onTrustChanged: () => this.wakeUp.call(),
      onKeysChanged: () => this.options.onKeysChanged?.(),
      onLost: (lost) => {
        if (this.connection === lost) this.connection = null;
        this.wakeUp.call();
      },
    });
    this.connection = connection;
    this.options.onKeysChanged?.();
    // It may be another server, where the same numbers stand for other things.
    await this.load(connection, NOTHING);
    return connection;
  }

  private async confirm(connection: TrustConnection): Promise<void> {
    const { revision, clock } = await connection.readRevision();
    this.clock.observe(clock);
    if (revision === this.loaded?.rows.registrations.revision) this.confirmedAt = clock.sentAt;
    else await this.load(connection, this.loaded?.rows ?? NOTHING);
  }

  private async load(connection: TrustConnection, known: DecidingRows): Promise<void> {
    const sentAt = performance.now();
    const rows = await connection.readTrust(known);
    this.loaded = { rows, trust: await this.compile(rows) };
    this.confirmedAt = sentAt;
  }

  /** A fault in compiling is not cured by asking the database again. */
  private async compile(rows: TrustRows): Promise<Trust | null> {
    try {
      return await this.options.compile(rows);
    } catch (error) {
      this.report('the live release cannot be used', error);
      return null;
    }
  }

  private async disconnect(): Promise<void> {
    const { connection } = this;
    this.connection = null;
    await connection?.close();
  }

  private problem(): string | null {
    if (this.loaded === null || this.confirmedAt === null) return 'trust was not read yet';
    if (performance.now() - this.confirmedAt > STALENESS_BOUND_MS) return 'trust is not confirmed any more';
    if (this.loaded.rows.release === null) return 'nothing has been published yet';
    return this.loaded.trust === null ? 'the live release cannot be used' : null;
  }

  private report(problem: string | null, cause: unknown): void {
    if (problem !== null && problem !== this.reported) this.options.onProblem(problem, cause);
    this.reported = problem;
  }
}
