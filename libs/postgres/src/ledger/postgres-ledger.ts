import {
  Unavailable,
  type AuditEvent,
  type ClaimVerdict,
  type DeferralAct,
  type DeferralLedger,
  type DeferralVerdict,
  type DeferVerdict,
  type Journal,
  type JournalEntry,
  type KeptSpend,
  type LedgerIdentity,
  type MismatchVerdict,
  type NewDeferral,
  type PermitVerdict,
  type Reliance,
  type Revocation,
  type RevocationLedger,
  type RevocationVerdict,
  type SpendAttempt,
  type SpendLedger,
  type SpendVerdict,
  type SpendLookup,
  type SpentTokens,
  type StoredDeferral,
  type TokenEntry,
  type TokenState,
} from '#core';
import type { Pool } from 'pg';
import { asForeseen } from './as-foreseen.ts';
import type { BatchRun } from './batch-run.ts';
import { findDeferral } from '../deferrals/find-deferral.ts';
import { findSpend } from './find-spend.ts';
import { Foresight } from './foresight.ts';
import { keysOf } from './keys-of.ts';
import { LedgerWatch } from './ledger-watch.ts';
import { lookAtToken } from './look-at-token.ts';
import { MicroBatcher } from './micro-batcher.ts';
import { onConnection } from './on-connection.ts';
import type { Outcome } from './outcome.ts';
import { PendingEntry, type Act, type BatchEntry } from './pending-entry.ts';
import { TOKEN_BUCKET_SECONDS, tokenRing } from './ring.ts';
import { settleBatch } from './settle-batch.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { isStorable, requireStorable } from './token-rows.ts';
import {
  claimVerdict,
  deferralVerdict,
  deferVerdict,
  mismatchVerdict,
  permitVerdict,
  revocationVerdict,
  spendVerdict,
} from './verdict-of.ts';

export interface PostgresLedgerOptions {
  /** At most three of its connections are used at a time. */
  readonly pool: Pool;
  /** What tokens call this ledger; the same for all brokers that share it. */
  readonly name: string;
  /** Where tokens are spent. Default: in the database, as everything else. */
  readonly tokens?: SpentTokens;
  /** Hears of trouble that no request hears of; once per outage. */
  readonly onProblem: (error: unknown) => void;
  /** Hears of each audit event once it is durable. Must not fail. */
  readonly onRecorded?: (event: AuditEvent) => void;
  /** Half of a token's longest life; the same for all brokers on the database. Default 150. */
  readonly tokenBucketSeconds?: number;
}

const LIMITS = {
  maxInFlight: 2,
  worthAnother: 8,
  lingerMs: 1,
  maxBatch: 256,
  maxQueue: 4_096,
  maxWaitMs: 2_000,
} as const;

/** A batch that takes longer is given up: whether it was written is then unknown. */
const BATCH_DEADLINE_MS = 2_500;

/**
 * Single use and the audit log on Postgres, tokens elsewhere where that is wanted. All that is asked for at the same time shares a transaction; its promises
 * resolve when that is durable, and reject with `Unavailable` when it is not known to be.
 */
export class PostgresLedger implements SpendLedger, RevocationLedger, DeferralLedger, Journal, SpendLookup {
  private readonly batcher: MicroBatcher<BatchEntry>;
  private readonly foresight = new Foresight();

  private constructor(
    private readonly place: Omit<BatchRun, 'connection' | 'hasAdvanced'> & { readonly pool: Pool },
    private readonly watch: LedgerWatch,
    private readonly onRecorded: (event: AuditEvent) => void,
  ) {
    this.batcher = new MicroBatcher(
      LIMITS,
      (batch) => this.settleAll(batch),
      (entry, why) => entry.reject(new Unavailable(why)),
    );
  }

  /**
   * Opens the ledger, and goes on trying when the database is not there or not as it should be: `onProblem` hears of
   * it, and requests hear `Unavailable` until it is.
   */
  static async open(options: PostgresLedgerOptions): Promise<PostgresLedger> {
    const { pool, name, onProblem, onRecorded, tokenBucketSeconds = TOKEN_BUCKET_SECONDS } = options;
    const elsewhere = options.tokens ?? null;
    const tokens = tokenRing(tokenBucketSeconds);
    const watch = new LedgerWatch(pool, tokens, onProblem);
    await watch.open();
    return new PostgresLedger(
      { pool, ledger: name, tokens, elsewhere },
      watch,
      onRecorded ?? ((): void => undefined),
    );
  }

  /** Refuses what waits and ends what is under way. The pool stays open: it belongs to whoever gave it. */
  async close(): Promise<void> {
    await Promise.all([this.batcher.close(), this.watch.close()]);
  }

  current(): LedgerIdentity {
    return this.place.elsewhere?.current() ?? this.ofUsedIds();
  }

  /** Under which used ids are remembered, wherever tokens are spent. Fails  Unavailable, as `current` */
  ofUsedIds(): LedgerIdentity {
    return { ledger: this.place.ledger, incarnation: this.watch.incarnation() };
  }

  record(entry: JournalEntry<ClaimVerdict>): Promise<ClaimVerdict> {
    return this.enter(entry, null, claimVerdict);
  }

  async spend(attempt: SpendAttempt, entry: JournalEntry<SpendVerdict>): Promise<SpendVerdict> {
    const wants = { act: 'spend', token: attempt } as const;
    requireStorable(wants);
    return this.enter(entry, wants, spendVerdict);
  }

  async look(token: TokenEntry): Promise<TokenState> {
    requireStorable({ act: 'mismatch', token });
    if (token.ledger !== this.place.ledger) return 'ledger_gone';
    if (this.place.elsewhere !== null) return this.place.elsewhere.look(token);
    try {
      return await onConnection(this.place.pool, BATCH_DEADLINE_MS, (connection) =>
        lookAtToken(connection, this.place.tokens, token),
      );
    } catch (error) {
      throw new Unavailable('the ledger could not be asked about a token', error);
    }
  }

  async noteMismatch(token: TokenEntry, entry: JournalEntry<MismatchVerdict>): Promise<MismatchVerdict> {
    const wants = { act: 'mismatch', token } as const;
    requireStorable(wants);
    return this.enter(entry, wants, mismatchVerdict);
  }

  /** By a statement of its own: it decides nothing that has to be on record. */
  async spendOf(token: TokenEntry): Promise<KeptSpend | null> {
    if (token.ledger !== this.place.ledger || !isStorable(token)) return null;
    if (this.place.elsewhere !== null) return this.place.elsewhere.spendOf(token);
    return orUnavailable('the ledger did not say how a token was spent', () =>
      onConnection(this.place.pool, BATCH_DEADLINE_MS, (connection) =>
        findSpend(connection, this.place.tokens, token),
      ),
    );
  }

  permit(reliances: readonly Reliance[], entry: JournalEntry<PermitVerdict>): Promise<PermitVerdict> {
    return this.enter(entry, { act: 'permit', reliances }, permitVerdict);
  }

  revoke(revocation: Revocation, entry: JournalEntry<RevocationVerdict>): Promise<RevocationVerdict> {
    return this.enter(entry, { act: 'revoke', revocation }, revocationVerdict);
  }

  defer(deferral: NewDeferral, entry: JournalEntry<DeferVerdict>): Promise<DeferVerdict> {
    return this.enter(entry, { act: 'defer', deferral }, deferVerdict);
  }

  /** By a statement of its own: whatever follows from it is held against the row once more. */
  find(codeHash: Buffer): Promise<StoredDeferral | null> {
    return orUnavailable('nobody knows what waits', () =>
      onConnection(this.place.pool, BATCH_DEADLINE_MS, (connection) => findDeferral(connection, codeHash)),
    );
  }

  settle(deferral: DeferralAct, entry: JournalEntry<DeferralVerdict>): Promise<DeferralVerdict> {
    return this.enter(entry, { act: 'settle_deferral', deferral }, deferralVerdict);
  }

  private async enter<Verdict>(
    entry: JournalEntry<Verdict>,
    wants: Act,
    verdictOf: (outcome: Outcome) => Verdict,
  ): Promise<Verdict> {
    const pending = new PendingEntry(entry, wants, verdictOf);
    this.batcher.add(pending);
    return pending.verdict;
  }

  private async settleAll(batch: readonly BatchEntry[]): Promise<void> {
    const keys = keysOf(batch);
    const isWorthATry = this.foresight.enter(keys);
    try {
      const { pool } = this.place;
      const rows = await onConnection(pool, BATCH_DEADLINE_MS, async (connection) => {
        const run = { connection, ...this.place };
        const foreseen = isWorthATry ? await asForeseen(run, batch, this.foresight) : null;
        return foreseen ?? settleBatch(connection, this.place, batch);
      });
      for (const { event } of rows) this.onRecorded(event);
    } catch (error) {
      this.watch.doubt(error);
      const unknown = new Unavailable('the ledger did not take the batch', error);
      for (const entry of batch) entry.reject(unknown);
    } finally {
      this.foresight.leave(keys);
    }
  }
}
