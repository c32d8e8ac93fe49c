export interface BatcherLimits {
  /** Batches that are under way at a time. */
  readonly maxInFlight: number;
  /** So many must wait before another batch is sent after one that is under way: small ones cost more each. */
  readonly worthAnother: number;
  /** After a batch has come back, the next one waits so long for company, where fewer than `worthAnother` wait. */
  readonly lingerMs: number;
  readonly maxBatch: number;
  readonly maxQueue: number;
  /** Longest wait for a place in a batch. */
  readonly maxWaitMs: number;
}

interface Waiting<Item> {
  readonly item: Item;
  /** Of the batcher's ticks. */
  readonly since: number;
}

/** The longest wait is so many ticks. A process that stood still has ticked once, and has not waited for anybody. */
const TICKS = 10;

/**
 * Collects what is asked for at the same time and lets it run together: at once when nothing is under way, else a
 * little after a batch comes back, or when enough have come together for another. So a lone request waits for nobody,
 * and many share. The queue is bounded, and so is the wait in it.
 */
export class MicroBatcher<Item> {
  private queue: Waiting<Item>[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private isStarting = false;
  private lingering: NodeJS.Timeout | null = null;
  private isClosed = false;
  private sweeper: NodeJS.Timeout | null = null;
  private ticks = 0;

  constructor(
    private readonly limits: BatcherLimits,
    /** Never fails: it tells each item what became of it. */
    private readonly run: (batch: readonly Item[]) => Promise<void>,
    private readonly refuse: (item: Item, why: string) => void,
  ) {}

  add(item: Item): void {
    if (this.isClosed) return this.refuse(item, 'the ledger is closed');
    if (this.queue.length >= this.limits.maxQueue)
      return this.refuse(item, 'too many requests wait for the ledger');
    this.queue.push({ item, since: this.ticks });
    this.sweeper ??= setInterval(() => this.tick(), this.limits.maxWaitMs / TICKS).unref();
    if (this.isStarting || !this.mayStart()) return;
    this.isStarting = true;
    // Everything that arrived in the same turn of the event loop goes together.
    setImmediate(() => {
      this.isStarting = false;
      this.start();
    });
  }

  /** Refuses what waits, and resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const { item } of this.queue.splice(0)) this.refuse(item, 'the ledger is closed');
    if (this.lingering !== null) clearTimeout(this.lingering);
    this.sweep();
    await Promise.all(this.underWay);
  }

  private mayStart(): boolean {
    const { maxInFlight, worthAnother } = this.limits;
    if (this.queue.length >= worthAnother) return this.underWay.size < maxInFlight;
    return this.queue.length > 0 && this.underWay.size === 0 && this.lingering === null;
  }

  private start(): void {
    while (this.mayStart()) {
      const batch = this.queue.splice(0, this.limits.maxBatch).map(({ item }) => item);
      const running = this.run(batch).finally(() => {
        this.underWay.delete(running);
        this.linger();
        this.start();
      });
      this.underWay.add(running);
    }
  }

  /** Where nobody waits, nobody has to wait for company either. */
  private linger(): void {
    if (this.queue.length === 0 || this.lingering !== null) return;
    this.lingering = setTimeout(() => {
      this.lingering = null;
      this.start();
    }, this.limits.lingerMs);
  }

  private tick(): void {
    this.ticks++;
    this.sweep();
  }

  private sweep(): void {
    const late = this.queue.findIndex(({ since }) => this.ticks - since <= TICKS);
    const gone = this.queue.splice(0, late === -1 ? this.queue.length : late);
    for (const { item } of gone) this.refuse(item, 'the ledger did not answer in time');
    if (this.queue.length > 0 || this.sweeper === null) return;
    clearInterval(this.sweeper);
    this.sweeper = null;
  }
}
