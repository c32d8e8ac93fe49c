/**
 * Calls `work` again and again, each time `periodMs` after it ended, give or take a quarter, so that many processes do not move in
 * step. Does not keep the process alive. `work` handles its own failures.
 */
export class JitteredLoop {
  private timer: NodeJS.Timeout | null = null;
  private isRunning = false;

  constructor(
    private readonly periodMs: number,
    private readonly work: () => Promise<void>,
  ) {}

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.schedule();
  }

  stop(): void {
    this.isRunning = false;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private schedule(): void {
    this.timer = setTimeout(
      () => {
        void this.work().finally(() => {
          if (this.isRunning) this.schedule();
        });
      },
      this.periodMs * (0.75 + Math.random() / 2),
    );
    this.timer.unref();
  }
}
