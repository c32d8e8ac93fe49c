import { judge } from '../policy/judge.ts';
import { TokenBucket } from '../quota/token-bucket.ts';
import type { RunningShadow } from '../registry/trust.ts';
import { ShadowTally, type JudgedQuestion } from './shadow-tally.ts';
import type { ShadowPorts } from './shadow.ports.ts';

/** What comparing may cost one process. */
export const SHADOW_LIMITS = { perSecond: 200, waiting: 200 };

type Waiting = { readonly shadow: RunningShadow; readonly decided: JudgedQuestion };

/**
 * Asks a shadow what was just decided by the live release, and counts where they differ.
 *
 * INVARIANT: an answer never waits for it and never learns of it. It is asked later, one question between other work,
 * and no more often than the limits say; what is left out is counted as skipped.
 */
export class ShadowComparison {
  private readonly allowance: TokenBucket;
  private readonly waiting: Waiting[] = [];
  private tallies = new Map<string, ShadowTally>();
  private isScheduled = false;
  private isFailing = false;

  constructor(
    private readonly ports: ShadowPorts,
    private readonly limits = SHADOW_LIMITS,
  ) {
    this.allowance = new TokenBucket({ requestsPerSecond: limits.perSecond, burst: limits.perSecond });
  }

  /** Takes note of a decision and returns at once. Fails  never */
  watch(shadow: RunningShadow | null, decided: JudgedQuestion): void {
    if (shadow === null) return;
    const isFull = this.waiting.length >= this.limits.waiting;
    if (isFull || !this.allowance.take(this.ports.elapsedMs())) {
      this.tallyOf(shadow.id).skip();
      return;
    }
    this.waiting.push({ shadow, decided });
    this.schedule();
  }

  /** Hands over what was counted since the last time. What could not be handed over counts as skipped. Fails  never */
  async flush(): Promise<void> {
    const { tallies } = this;
    this.tallies = new Map();
    for (const [id, tally] of tallies) {
      const counted = tally.report();
      try {
        await this.ports.journal.add(id, counted);
        this.isFailing = false;
      } catch (error) {
        this.tallyOf(id).skip(counted.compared + counted.skipped);
        if (!this.isFailing) this.ports.onProblem('the counts of the shadow were not taken', error);
        this.isFailing = true;
      }
    }
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.ports.later(() => {
      this.isScheduled = false;
      this.compareNext();
      if (this.waiting.length > 0) this.schedule();
    });
  }

  private compareNext(): void {
    const next = this.waiting.shift();
    if (next === undefined) return;
    const { shadow, decided } = next;
    const tally = this.tallyOf(shadow.id);
    try {
      tally.compare(decided, judge(shadow.release, decided.question));
    } catch (error) {
      tally.skip();
      this.ports.onProblem('the shadow could not be asked', error);
    }
  }

  private tallyOf(id: string): ShadowTally {
    const known = this.tallies.get(id);
    if (known !== undefined) return known;
    const tally = new ShadowTally();
    this.tallies.set(id, tally);
    return tally;
  }
}
