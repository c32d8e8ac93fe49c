/** Runs one piece of work at a time, however many ask for it. */
export class SingleFlight {
  private running: Promise<void> | null = null;
  private queued: Promise<void> | null = null;

  constructor(private readonly work: () => Promise<void>) {}

  /** Joins the run under way, or starts one. */
  run(): Promise<void> {
    if (this.running !== null) return this.running;
    const running = this.work().finally(() => {
      this.running = null;
    });
    this.running = running;
    return running;
  }

  /** A run that starts after this call: now, or when the run under way has ended. All who wait share it. */
  runAfresh(): Promise<void> {
    if (this.running === null) return this.run();
    this.queued ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.queued = null;
        return this.run();
      });
    return this.queued;
  }

  /** The last run that was asked for, if it has not ended. */
  current(): Promise<void> | null {
    return this.queued ?? this.running;
  }
}
