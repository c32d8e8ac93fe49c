import { Unavailable } from '#core';
import type { Pool, PoolClient } from 'pg';
import { advanceRing, lastWhollyPast } from './advance-ring.ts';
import { openIncarnation, readIncarnation } from './incarnation.ts';
import { onConnection } from './on-connection.ts';
import { USED_IDS, type Ring } from './ring.ts';
import { tendTables } from './tend-tables.ts';

const LOOK_EVERY_MS = 1_000;
const RETRY_AFTER_MS = 100;
const DEADLINE_MS = 2_000;
const TEND_EVERY_MS = 600_000;

/**
 * Knows the incarnation of the ledger, and looks again every second: whether it still lives, whether a bucket has
 * passed, whether the audit log needs another day.
 */
export class LedgerWatch {
  private known: string | null = null;
  private tendedAt = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private isClosed = false;
  private isDoubted = false;
  private hasTold = false;

  constructor(
    private readonly pool: Pool,
    private readonly tokens: Ring,
    /** Hears once when the ledger is lost, and not again before it was found; and each time that tables could not be tended. */
    private readonly onProblem: (error: unknown) => void,
  ) {}

  /** Resolves when it has looked once, whatever it saw. */
  async open(): Promise<void> {
    this.pool.on('error', this.doubt);
    await this.lookAndTell();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.known = null;
    this.pool.off('error', this.doubt);
    if (this.timer !== null) clearTimeout(this.timer);
    await this.looking;
  }

  /** Fails  Unavailable while it is not known */
  incarnation(): string {
    if (this.known === null) throw new Unavailable('the incarnation of the ledger is not known');
    return this.known;
  }

  /** Something went wrong on the way to the database: it may be another one by now. */
  readonly doubt = (error: unknown): void => {
    if (this.isClosed) return;
    this.known = null;
    this.isDoubted = true;
    this.tell(error);
    if (this.looking === null) this.lookAgainIn(0);
  };

  private lookAgainIn(delayMs: number): void {
    if (this.isClosed) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.looking = this.lookAndTell().finally(() => (this.looking = null));
    }, delayMs).unref();
  }

  private async lookAndTell(): Promise<void> {
    this.isDoubted = false;
    try {
      await this.look();
      this.hasTold = false;
      await this.tend();
      this.lookAgainIn(LOOK_EVERY_MS);
    } catch (error) {
      this.known = null;
      this.tell(error);
      this.lookAgainIn(RETRY_AFTER_MS);
    }
  }

  private tell(error: unknown): void {
    if (!this.hasTold) this.onProblem(error);
    this.hasTold = true;
  }

  private look(): Promise<void> {
    return onConnection(this.pool, DEADLINE_MS, async (connection) => {
      const found = this.known === null ? null : await readIncarnation(connection, this.tokens);
      const incarnation = found ?? (await openIncarnation(connection, this.tokens));
      await this.advance(connection);
      // What was seen before the doubt says nothing about what is there now.
      if (this.isDoubted) throw new Error('the connection was lost meanwhile');
      this.known = incarnation;
    });
  }

  private async advance(connection: PoolClient): Promise<void> {
    const { rows } = await connection.query<{ spent: boolean; used: boolean }>({
      name: 'ledger.due',
      text: DUE,
      values: [this.tokens.bucketSeconds],
    });
    if (rows[0]?.spent === true) await advanceRing(connection, this.tokens);
    if (rows[0]?.used === true) await advanceRing(connection, USED_IDS);
  }

  /** What cannot be tended now is tended later: nothing that is asked of the ledger needs it at once. */
  private async tend(): Promise<void> {
    if (performance.now() - this.tendedAt < TEND_EVERY_MS) return;
    this.tendedAt = performance.now();
    try {
      await onConnection(this.pool, DEADLINE_MS, tendTables);
    } catch (error) {
      this.onProblem(error);
    }
  }
}

const DUE = `
  SELECT (SELECT floor FROM ledger_incarnation) < ${lastWhollyPast('$1::int4')} AS spent,
         (SELECT floor FROM used_id_floor) < ${lastWhollyPast(String(USED_IDS.bucketSeconds))} AS used`;
