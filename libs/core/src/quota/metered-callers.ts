import { HeldBack, OAuthError } from '../errors/oauth-error.ts';
import type { ClientRegistration, ResourceServerRegistration } from '../registry/registrations.ts';
import { CallersAtSources } from './callers-at-sources.ts';
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

/** Of the requests that are refused by where they come from, one of so many is read: somebody else may be there now. */
const READ_ONE_OF = 16;

/**
 * A token bucket for each caller. It is charged after the caller has proved who it is, so that a stranger who names
 * somebody else empties nothing. A caller that goes on although it was told to wait is not asked to prove it again:
 * until then its requests from there are refused for their name alone, at hardly any cost.
 */
export class MeteredCallers implements CallerQuotas {
  private readonly buckets: RecentlyUsed<TokenBucket>;
  private readonly held: RecentlyUsed<Held>;
  private readonly sources: CallersAtSources;
  private refusedUnread = 0;

  constructor(private readonly options: MeteredCallersOptions) {
    this.buckets = new RecentlyUsed(options.most);
    this.held = new RecentlyUsed(options.most);
    this.sources = new CallersAtSources(options.most);
  }

  /**
   * How long nothing that comes from this source has to be read, because the only caller that was seen there was told
   * to wait; 0 where it has to be. A refusal is counted.
   */
  waitMs(source: string): number {
    const nowMs = this.options.elapsedMs();
    const caller = this.sources.onlyOneAt(source, nowMs);
    const held = caller === null ? null : this.heldAt(source, caller, nowMs);
    if (held === null) return 0;
    this.refusedUnread = (this.refusedUnread + 1) % READ_ONE_OF;
    if (this.refusedUnread === 0) return 0;
    this.options.onRefused(held.kind);
    return held.untilMs - nowMs;
  }

  holdBack(source: string, claimedId: string | null): void {
    if (claimedId === null || this.isEmpty) return;
    const nowMs = this.options.elapsedMs();
    const held = this.heldAt(source, claimedId, nowMs);
    if (held === null) return;
    this.options.onRefused(held.kind);
    throw new HeldBack(retryAfter(held.untilMs - nowMs));
  }

  charge(source: string, caller: ClientRegistration | ResourceServerRegistration): void {
    const { kind, clientId } = caller;
    const nowMs = this.options.elapsedMs();
    this.sources.saw(source, clientId, nowMs);
    const bucket = this.bucketOf(caller);
    if (bucket.take(nowMs)) return;
    // Those who came with the one that was told to wait are told so too, and are not on record beside it.
    this.holdBack(source, clientId);
    const retryAfterSeconds = retryAfter(bucket.waitMs(nowMs));
    this.held.set(heldName(source, clientId), { kind, untilMs: nowMs + retryAfterSeconds * 1000 });
    this.options.onRefused(kind);
    throw new OAuthError('quota.exceeded', clientId, { retryAfterSeconds });
  }

  /** While nobody was told to wait, nobody has to be looked up. */
  get isEmpty(): boolean {
    return this.held.size === 0;
  }

  private heldAt(source: string, clientId: string, nowMs: number): Held | null {
    const held = this.held.get(heldName(source, clientId));
    return held !== null && held.untilMs > nowMs ? held : null;
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
