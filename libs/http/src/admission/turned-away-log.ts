import type { Logger } from 'pino';

/** There is a line for a flood, not for each of its drops. */
const LINE_EVERY_MS = 10_000;

/** Says in the log that requests are turned away, and how many were since it said so last. */
export class TurnedAwayLog {
  private counts = new Map<string, number>();
  private isQuiet = false;

  constructor(private readonly log: Logger) {}

  count(why: string): void {
    this.counts.set(why, (this.counts.get(why) ?? 0) + 1);
    if (this.isQuiet) return;
    this.isQuiet = true;
    this.say();
    setTimeout(() => {
      this.isQuiet = false;
      if (this.counts.size > 0) this.say();
    }, LINE_EVERY_MS).unref();
  }

  private say(): void {
    this.log.warn(Object.fromEntries(this.counts), 'requests were turned away');
    this.counts = new Map();
  }
}
