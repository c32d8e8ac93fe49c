/** So many a second, and as many at once after a quiet second: a token bucket. */
export class Allowance {
  private left: number;
  private countedAt: number | null = null;

  constructor(private readonly perSecond: number) {
    this.left = perSecond;
  }

  /** Whether one more is within bounds at this time; if so, it counts. */
  take(atMs: number): boolean {
    const grown = ((atMs - (this.countedAt ?? atMs)) * this.perSecond) / 1000;
    this.left = Math.min(this.perSecond, this.left + grown);
    this.countedAt = atMs;
    if (this.left < 1) return false;
    this.left--;
    return true;
  }
}
