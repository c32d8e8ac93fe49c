const LOOK_EVERY_MS = 1_000;
const RETRY_AFTER_MS = 100;

/** Knows the incarnation of one shard, and looks every second whether it still lives. */
export class ShardWatch {
  private known: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private isDoubted = false;
  private isClosed = false;

  constructor(
    /** Asks the server; fails when it does not answer. */
    private readonly ask: () => Promise<string>,
    private readonly hears: {
      /** Each time, and why. */
      readonly onLost: (error: unknown) => void;
      readonly onFound: () => void;
    },
  ) {}

  /** Null while it is not known. */
  get incarnation(): string | null {
    return this.known;
  }

  /** Resolves when it has looked once, whatever it saw. */
  open(): Promise<void> {
    return this.look();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.known = null;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.looking;
  }

  /** Something went wrong on the way to the shard: it may be another one by now. */
  doubt(error: unknown): void {
    if (this.isClosed) return;
    this.known = null;
    this.isDoubted = true;
    this.hears.onLost(error);
    if (this.looking === null) this.lookAgainIn(0);
  }

  private lookAgainIn(delayMs: number): void {
    if (this.isClosed) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), delayMs).unref();
  }

  private look(): Promise<void> {
    this.looking = this.lookOnce().finally(() => (this.looking = null));
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    this.isDoubted = false;
    try {
      const found = await this.ask();
      // What was seen before the doubt says nothing about what is there now.
      if (this.isDoubted) throw new Error('the connection was lost meanwhile');
      if (!this.isClosed) this.known = found;
      this.hears.onFound();
      this.lookAgainIn(LOOK_EVERY_MS);
    } catch (error) {
      this.known = null;
      this.hears.onLost(error);
      this.lookAgainIn(RETRY_AFTER_MS);
    }
  }
}
