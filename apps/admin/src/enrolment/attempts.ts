const PER_MINUTE = 10;
const MINUTE_MS = 60_000;

/** Counts attempts of everybody together: a code is not found by trying, and its log must stay readable. */
export class Attempts {
  private readonly times: number[] = [];

  /** May another one be made? If so, it counts. */
  take(now = Date.now()): boolean {
    while (this.times[0] !== undefined && now - this.times[0] >= MINUTE_MS) this.times.shift();
    if (this.times.length >= PER_MINUTE) return false;
    this.times.push(now);
    return true;
  }
}
