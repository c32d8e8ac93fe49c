import { HeldBack, OAuthError } from '../errors/oauth-error.ts';
import type { ClientRegistration, ResourceServerRegistration } from '../registry/registrations.ts';
import type { CallerQuotas } from './caller-quotas.ts';
import { RecentlyUsed } from './recently-used.ts';
import { retryAfter } from './retry-after.ts';
import { shareOf, TokenBucket, type Quota } from './token-bucket.ts';

export interface MeteredCallersOptions {
  /** Where a registration says nothing. */
  readonly defaults: Readonly<Record<CallerKind, Quota>>;
  /** Among how many processes the quotas are divided. */
  readonly processes: number;
  /** Most buckets, and most callers that are held back. */
  readonly most: number;
  /** Monotonic. */
  readonly elapsedMs: () => number;
  /** Hears of each request that is refused. */
  readonly onRefused: (kind: CallerKind) => void;
}

type CallerKind = (ClientRegistration | ResourceServerRegistration)['kind'];

interface Held {
  readonly kind: CallerKind;
  readonly untilMs: number;
}

/**
 * A token bucket for each caller. It is charged after the caller has proved who it is, so that a stranger who names
 * somebody else empties nothing. A caller that goes on although it was told to wait is not asked to prove it again:
 * until then its requests from there are refused for their name alone, at hardly any cost.
 */
export class MeteredCallers implements CallerQuotas {
  private readonly buckets: RecentlyUsed<TokenBucket>;
  private readonly held: RecentlyUsed<Held>;

  constructor(private readonly options: MeteredCallersOptions) {
    this.buckets = new RecentlyUsed(options.most);
    this.held = new RecentlyUsed(options.most);
  }

  holdBack(source: string, claimedId: string | null): void {
    if (claimedId === null || this.held.size === 0) return;
    const held = this.held.get(heldName(source, claimedId));
    const leftMs = held === null ? 0 : held.untilMs - this.options.elapsedMs();
    if (held === null || leftMs <= 0) return;
    this.options.onRefused(held.kind);
    throw new HeldBack(retryAfter(leftMs));
  }

  charge(source: string, caller: ClientRegistration | ResourceServerRegistration): void {
    const { kind, clientId } = caller;
    const nowMs = this.options.elapsedMs();
    const bucket = this.bucketOf(caller);
    if (bucket.take(nowMs)) return;
    // Those who came with the one that was told to wait are told so too, and are not on record beside it.
    this.holdBack(source, clientId);
    const retryAfterSeconds = retryAfter(bucket.waitMs(nowMs));
    this.held.set(heldName(source, clientId), { kind, untilMs: nowMs + retryAfterSeconds * 1000 });
    this.options.onRefused(kind);
    throw new OAuthError('quota.exceeded', clientId, { retryAfterSeconds });
  }

  private bucketOf({ kind, clientId, quota }: ClientRegistration | ResourceServerRegistration): TokenBucket {
    const share = shareOf(quota ?? this.options.defaults[kind], this.options.processes);
    const known = this.buckets.get(clientId);
    if (known !== null && known.isOf(share)) return known;
    const bucket = new TokenBucket(share);
    this.buckets.set(clientId, bucket);
    return bucket;
  }
}

function heldName(source: string, clientId: string): string {
  return `${source} ${clientId}`;
}
