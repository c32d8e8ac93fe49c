import { ShadowComparison, type DecisionWatch, type ShadowJournal } from '#core';

/** How often brokers tell what they counted. */
const FLUSH_MS = 1_000;

/** A comparison with a shadow, run between requests, its counts handed over once a second and when it stops. */
export class ShadowWatch implements DecisionWatch {
  private readonly comparison: ShadowComparison;
  private readonly timer: NodeJS.Timeout;
  private flushing: Promise<void> | null = null;

  constructor(journal: ShadowJournal, onProblem: (what: string, cause: unknown) => void) {
    this.comparison = new ShadowComparison({
      journal,
      elapsedMs: () => performance.now(),
      later: (run) => void setImmediate(run),
      onProblem,
    });
    this.timer = setInterval(() => this.flush(), FLUSH_MS).unref();
  }

  readonly watch: DecisionWatch['watch'] = (shadow, decided) => this.comparison.watch(shadow, decided);

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flushing;
    await this.comparison.flush();
  }

  /** Not while the one before is under way: a slow database is not asked again and again. */
  private flush(): void {
    this.flushing ??= this.comparison.flush().finally(() => {
      this.flushing = null;
    });
  }
}
