import { newTokenId, sha256, Unavailable, type AuditEvent, type Journal, type SpendLedger } from '#core';
import { setTimeout as sleep } from 'node:timers/promises';

export interface LoadOptions {
  readonly ledgers: readonly (SpendLedger & Journal)[];
  /** Tokens that are worked on at a time. */
  readonly workers: number;
  /** Longest life of a token; each lives for a random part of it. */
  readonly lifeSeconds: number;
}

/** What became of the tokens, in numbers, and of single ones where it matters. */
export interface LoadReport {
  readonly tokens: number;
  readonly spent: number;
  /** Tokens that were honoured more than once. Must stay empty. */
  readonly honouredTwice: readonly string[];
  readonly verdicts: Readonly<Record<string, number>>;
  /** Refused without a verdict. */
  readonly unavailable: number;
  /** Ids of the events of everything that was answered: each must be in the audit log. */
  readonly acknowledged: readonly string[];
  /** The longest that anybody waited for an answer, of whichever kind. */
  readonly slowestMs: number;
}

interface MintedToken {
  readonly jti: string;
  readonly exp: number;
  readonly ledger: string;
  readonly incarnation: string;
}

/** Old tokens that are presented again, long after they were used and over restarts. */
const REMEMBERED_TOKENS = 400;

/** Clocks of brokers differ: tokens are minted by one that is off by up to this much. */
const SKEW_MS = 500;

/**
 * Mints tokens and presents each several times through all ledgers, now and later, until it is stopped. It keeps
 * count of what was answered, and believes nobody.
 */
export class TokenLoad {
  private readonly honoured = new Map<string, number>();
  private readonly verdicts: Record<string, number> = {};
  private readonly acknowledged: string[] = [];
  private readonly remembered: MintedToken[] = [];
  private tokens = 0;
  private unavailable = 0;
  private slowestMs = 0;
  private isStopped = false;
  private readonly working: Promise<void[]>;

  constructor(private readonly options: LoadOptions) {
    this.working = Promise.all(Array.from({ length: options.workers }, () => this.work()));
  }

  /** Verdicts that were heard so far. */
  get answered(): number {
    return this.acknowledged.length;
  }

  /** Fails  the first error that is neither a verdict nor Unavailable */
  async stop(): Promise<LoadReport> {
    this.isStopped = true;
    await this.working;
    const honouredTwice = [...this.honoured].filter(([, times]) => times > 1).map(([jti]) => jti);
    const { tokens, verdicts, unavailable, acknowledged, slowestMs } = this;
    return {
      tokens,
      spent: this.honoured.size,
      honouredTwice,
      verdicts,
      unavailable,
      acknowledged,
      slowestMs,
    };
  }

  private async work(): Promise<void> {
    while (!this.isStopped) {
      const token = this.mint();
      if (token === null) {
        await sleep(5);
        continue;
      }
      const again = this.remembered[Math.floor(Math.random() * this.remembered.length)] ?? token;
      const presentations = 1 + Math.floor(Math.random() * 4);
      await Promise.all([
        ...Array.from({ length: presentations }, () => this.present(token)),
        this.present(again),
        Math.random() < 0.2 ? this.mismatch(token) : null,
      ]);
      this.remembered[Math.floor(Math.random() * REMEMBERED_TOKENS)] = token;
    }
  }

  private mint(): MintedToken | null {
    const now = Date.now() + (Math.random() * 2 - 1) * SKEW_MS;
    const lifeMs = Math.random() * this.options.lifeSeconds * 1000;
    try {
      const identity = this.ledger().current();
      this.tokens++;
      return { jti: newTokenId(now), exp: Math.ceil((now + lifeMs) / 1000), ...identity };
    } catch (error) {
      this.countUnavailable(error);
      return null;
    }
  }

  private present(token: MintedToken): Promise<void> {
    return this.ask(async (id) => {
      const attempt = {
        ...token,
        spender: 1,
        repeatKey: null,
        fingerprint: FINGERPRINT,
        uses: 1,
        targetUri: null,
        issuedAt: 0,
        reliances: [],
      };
      const { verdict } = await this.ledger().spend(attempt, entry(id));
      if (verdict === 'spent') this.honoured.set(token.jti, (this.honoured.get(token.jti) ?? 0) + 1);
      return verdict;
    });
  }

  private mismatch(token: MintedToken): Promise<void> {
    return this.ask(async (id) => (await this.ledger().noteMismatch(token, entry(id))).verdict);
  }

  private async ask(question: (id: string) => Promise<string>): Promise<void> {
    const id = newTokenId(Date.now());
    const began = performance.now();
    try {
      const verdict = await question(id);
      this.verdicts[verdict] = (this.verdicts[verdict] ?? 0) + 1;
      this.acknowledged.push(id);
    } catch (error) {
      this.countUnavailable(error);
    } finally {
      this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
    }
  }

  private countUnavailable(error: unknown): void {
    if (!(error instanceof Unavailable)) throw error;
    this.unavailable++;
  }

  private ledger(): SpendLedger & Journal {
    const { ledgers } = this.options;
    const ledger = ledgers[Math.floor(Math.random() * ledgers.length)];
    if (ledger === undefined) throw new Error('a load needs a ledger');
    return ledger;
  }
}

const FINGERPRINT = sha256('parameters').subarray(0, 8);

function entry(id: string): {
  readonly claims: readonly [
    {
      readonly kind: 'client_assertion';
      readonly owner: string;
      readonly id: string;
      readonly expiresAt: number;
      readonly onReuse: 'client.replayed';
    },
  ];
  describe(): AuditEvent;
} {
  const expiresAt = Date.now() + 60_000;
  return {
    claims: [{ kind: 'client_assertion', owner: 'orders', id, expiresAt, onReuse: 'client.replayed' }],
    describe: () => ({
      id,
      at: Date.now(),
      type: 'token.introspect',
      outcome: 'spent',
      reason: null,
      reasonId: id,
      txn: null,
      detail: null,
    }),
  };
}
