import { RecentlyUsed } from './recently-used.ts';
import { shareOf, TokenBucket, type Quota } from './token-bucket.ts';

export interface FailingSourcesOptions {
  readonly quota: Quota;
  /** Among how many processes the quota is divided. */
  readonly processes: number;
  /** Most sources that are remembered. */
  readonly most: number;
  /** Monotonic. */
  readonly elapsedMs: () => number;
}

/**
 * A token bucket for each source of requests that could not be told whose they are. Only those empty it: however much
 * the callers behind an address ask, and whatever they are refused, is a matter of their own quotas.
 */
export class FailingSources {
  private readonly quota: Quota;
  private readonly buckets: RecentlyUsed<TokenBucket>;

  constructor(private readonly options: FailingSourcesOptions) {
    this.quota = shareOf(options.quota, options.processes);
    this.buckets = new RecentlyUsed(options.most);
  }

  /** A request of this source came to nothing before it was known whose it is. */
  failed(source: string): void {
    let bucket = this.buckets.get(source);
    if (bucket === null) this.buckets.set(source, (bucket = new TokenBucket(this.quota)));
    bucket.take(this.options.elapsedMs());
  }

  /** How long this source is not listened to; 0 when it is. */
  waitMs(source: string): number {
    return this.buckets.get(source)?.waitMs(this.options.elapsedMs()) ?? 0;
  }

  /** While nobody has failed, nobody has to be looked up. */
  get isEmpty(): boolean {
    return this.buckets.size === 0;
  }
}
