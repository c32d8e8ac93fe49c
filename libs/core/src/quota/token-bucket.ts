/** What somebody may send: so many requests a second in the long run, so many at once after a quiet time. */
export interface Quota {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** What each of so many processes lets through; one request at least can always be sent. */
export function shareOf({ requestsPerSecond, burst }: Quota, processes: number): Quota {
  return { requestsPerSecond: requestsPerSecond / processes, burst: Math.max(1, burst / processes) };
}

/** Fills with the time, up to its brim, and is emptied by requests. */
export class TokenBucket {
  private left: number;
  private countedAtMs: number | null = null;

  constructor(private readonly quota: Quota) {
    this.left = quota.burst;
  }

  /** Whether one more is within bounds at this time; if so, it counts. */
  take(atMs: number): boolean {
    if (this.waitMs(atMs) > 0) return false;
    this.left--;
    return true;
  }

  /** How long until one more is within bounds; 0 when it is now. */
  waitMs(atMs: number): number {
    const { requestsPerSecond, burst } = this.quota;
    // A clock that was read a little earlier by somebody else takes nothing away.
    const passedMs = Math.max(0, atMs - (this.countedAtMs ?? atMs));
    this.left = Math.min(burst, this.left + (passedMs * requestsPerSecond) / 1000);
    this.countedAtMs = Math.max(atMs, this.countedAtMs ?? atMs);
    return this.left >= 1 ? 0 : ((1 - this.left) * 1000) / requestsPerSecond;
  }

  /** Is it the bucket of this quota? Where a registration has changed, it is not. */
  isOf({ requestsPerSecond, burst }: Quota): boolean {
    return requestsPerSecond === this.quota.requestsPerSecond && burst === this.quota.burst;
  }
}
