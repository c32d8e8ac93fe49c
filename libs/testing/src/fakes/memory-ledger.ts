import {
  MISMATCHES_THAT_KILL,
  Unavailable,
  type AuditEvent,
  type Claim,
  type ClaimVerdict,
  type Clock,
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
  type StoredDeferral,
  type TokenEntry,
  type TokenState,
} from '#core';
import { randomUUID } from 'node:crypto';
import { MemoryCutOffs } from './memory-cut-offs.ts';
import { MemoryDeferrals } from './memory-deferrals.ts';

interface KeptToken {
  /** One for each use. */
  readonly spentBy: readonly SpendAttempt[];
  readonly mismatches: number;
}

type Refused = Exclude<PermitVerdict, { verdict: 'recorded' }>;

const UNTOUCHED: KeptToken = { spentBy: [], mismatches: 0 };

/** The ledger and the journal of one process, for tests. What time it is, is for the test to say. */
export class MemoryLedger implements SpendLedger, RevocationLedger, DeferralLedger, Journal, SpendLookup {
  /** Everything that was recorded, in the order in which it was. */
  readonly events: AuditEvent[] = [];
  /** Set: nothing answers, as if the database were gone. */
  isAway = false;

  private incarnation: string = randomUUID();
  private readonly tokens = new Map<string, KeptToken>();
  private readonly used = new Set<string>();
  private readonly cutOffs: MemoryCutOffs;
  /** What waits, for whoever approves in a test. */
  readonly waiting: MemoryDeferrals;

  constructor(
    private readonly clock: Clock,
    private readonly name = 'memory',
  ) {
    this.cutOffs = new MemoryCutOffs(clock);
    this.waiting = new MemoryDeferrals(clock);
  }

  current(): LedgerIdentity {
    this.requireThere();
    return { ledger: this.name, incarnation: this.incarnation };
  }

  /** Forgets every token, as a crash does. Ids and events stay. */
  crash(): void {
    this.incarnation = randomUUID();
    this.tokens.clear();
  }

  async record(entry: JournalEntry<ClaimVerdict>): Promise<ClaimVerdict> {
    return this.write(entry, { reused: this.reused(entry.claims) });
  }

  async spend(attempt: SpendAttempt, entry: JournalEntry<SpendVerdict>): Promise<SpendVerdict> {
    const reused = this.reused(entry.claims);
    if (reused !== null) return this.write(entry, { verdict: 'claim_reused', reused });
    const verdict = this.write(entry, this.judge(attempt));
    if (verdict.verdict === 'spent') {
      const { spentBy, mismatches } = this.tokens.get(keyOf(attempt)) ?? UNTOUCHED;
      this.tokens.set(keyOf(attempt), { spentBy: [...spentBy, attempt], mismatches });
    }
    return verdict;
  }

  async look(token: TokenEntry): Promise<TokenState> {
    this.requireThere();
    if (!this.isOurs(token)) return 'ledger_gone';
    if (this.isExpired(token)) return 'expired';
    const { spentBy, mismatches } = this.tokens.get(keyOf(token)) ?? UNTOUCHED;
    if (spentBy.length > 0) return 'spent';
    return mismatches >= MISMATCHES_THAT_KILL ? 'killed' : 'unspent';
  }

  async noteMismatch(token: TokenEntry, entry: JournalEntry<MismatchVerdict>): Promise<MismatchVerdict> {
    const reused = this.reused(entry.claims);
    if (reused !== null) return this.write(entry, { verdict: 'claim_reused', reused });
    if (!this.isOurs(token) || this.isExpired(token)) {
      return this.write(entry, { verdict: 'noted', mismatches: 0, killed: false });
    }
    const { spentBy, mismatches } = this.tokens.get(keyOf(token)) ?? UNTOUCHED;
    const counted = mismatches + 1;
    const killed = spentBy.length === 0 && counted >= MISMATCHES_THAT_KILL;
    const verdict = this.write(entry, { verdict: 'noted', mismatches: counted, killed });
    this.tokens.set(keyOf(token), { spentBy, mismatches: counted });
    return verdict;
  }

  async spendOf(token: TokenEntry): Promise<KeptSpend | null> {
    this.requireThere();
    if (!this.isOurs(token) || this.isExpired(token)) return null;
    const [first] = this.tokens.get(keyOf(token))?.spentBy ?? [];
    return first === undefined ? null : { spender: first.spender, targetUri: first.targetUri };
  }

  async permit(reliances: readonly Reliance[], entry: JournalEntry<PermitVerdict>): Promise<PermitVerdict> {
    const reused = this.reused(entry.claims);
    if (reused !== null) return this.write(entry, { verdict: 'claim_reused', reused });
    const dead = this.cutOffs.firstDead(reliances);
    return this.write(
      entry,
      dead === null ? { verdict: 'recorded' } : { verdict: 'cut_off', kind: dead.kind },
    );
  }

  async revoke(revocation: Revocation, entry: JournalEntry<RevocationVerdict>): Promise<RevocationVerdict> {
    const reused = this.reused(entry.claims);
    if (reused !== null) return this.write(entry, { verdict: 'claim_reused', reused });
    const isRepeated = this.cutOffs.hasTaken(revocation.event);
    const verdict = this.write(entry, { verdict: isRepeated ? 'repeated' : 'revoked' } as const);
    if (!isRepeated) this.cutOffs.take(revocation);
    return verdict;
  }

  async defer(deferral: NewDeferral, entry: JournalEntry<DeferVerdict>): Promise<DeferVerdict> {
    return this.deferral(deferral.reliances, entry, () => ({ verdict: this.waiting.add(deferral) }));
  }

  async find(codeHash: Buffer): Promise<StoredDeferral | null> {
    this.requireThere();
    return this.waiting.find(codeHash);
  }

  async settle(act: DeferralAct, entry: JournalEntry<DeferralVerdict>): Promise<DeferralVerdict> {
    return this.deferral(act.reliances, entry, () => {
      const heard = this.waiting.settle(act);
      return heard === 'done' || heard === 'slow_down' ? { verdict: heard } : { verdict: 'is', state: heard };
    });
  }

  private deferral<Verdict>(
    reliances: readonly Reliance[],
    entry: JournalEntry<Verdict | Refused>,
    act: () => Verdict,
  ): Verdict | Refused {
    this.requireThere();
    const reused = this.reused(entry.claims);
    if (reused !== null) return this.write(entry, { verdict: 'claim_reused', reused });
    const dead = this.cutOffs.firstDead(reliances);
    return this.write(entry, dead === null ? act() : { verdict: 'cut_off', kind: dead.kind });
  }

  private judge(attempt: SpendAttempt): SpendVerdict {
    if (!this.isOurs(attempt)) return { verdict: 'ledger_gone' };
    if (this.isExpired(attempt)) return { verdict: 'expired' };
    if (this.cutOffs.kills(attempt)) return { verdict: 'revoked' };
    const { spentBy, mismatches } = this.tokens.get(keyOf(attempt)) ?? UNTOUCHED;
    const repeated = spentBy.find((one) => isRepeat(one, attempt));
    if (repeated !== undefined) {
      return { verdict: repeated.fingerprint.equals(attempt.fingerprint) ? 'repeated' : 'key_conflict' };
    }
    const isTaken = spentBy.some(({ fingerprint }) => fingerprint.equals(attempt.fingerprint));
    if (spentBy.length >= 1 && attempt.uses === 1) return { verdict: 'already_spent' };
    if (mismatches >= MISMATCHES_THAT_KILL) return { verdict: 'killed' };
    return { verdict: isTaken || spentBy.length >= attempt.uses ? 'already_spent' : 'spent' };
  }

  private isOurs({ ledger, incarnation }: TokenEntry): boolean {
    return ledger === this.name && incarnation === this.incarnation;
  }

  private isExpired({ exp }: TokenEntry): boolean {
    return exp * 1000 <= this.clock.now();
  }

  /** The first that was used before, or that is dead by now. */
  private reused(claims: readonly Claim[]): Claim | null {
    const isDead = ({ expiresAt }: Claim): boolean => expiresAt <= this.clock.now();
    return claims.find((claim) => isDead(claim) || this.used.has(nameOf(claim))) ?? null;
  }

  /** All or nothing: an entry that cannot describe its event leaves no trace. */
  private write<Verdict>(entry: JournalEntry<Verdict>, verdict: Verdict): Verdict {
    this.requireThere();
    this.events.push(entry.describe(verdict));
    for (const claim of entry.claims) this.used.add(nameOf(claim));
    return verdict;
  }

  private requireThere(): void {
    if (this.isAway) throw new Unavailable('the ledger is away');
  }
}

function isRepeat(before: SpendAttempt, attempt: SpendAttempt): boolean {
  const { spender, repeatKey } = attempt;
  return before.spender === spender && repeatKey !== null && before.repeatKey?.equals(repeatKey) === true;
}

function keyOf({ jti }: TokenEntry): string {
  return jti.toLowerCase();
}

function nameOf({ kind, owner, id }: Claim): string {
  return JSON.stringify([kind, owner, id]);
}
