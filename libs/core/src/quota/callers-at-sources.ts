import { RecentlyUsed } from './recently-used.ts';

/** An address at which a second caller was seen is taken for a shared one for so long. */
const SHARED_MS = 600_000;

interface Seen {
  readonly latest: string;
  readonly sharedUntilMs: number;
}

/** Which callers have proved who they are from where: whether an address is one caller's alone. */
export class CallersAtSources {
  private readonly seen: RecentlyUsed<Seen>;

  constructor(most: number) {
    this.seen = new RecentlyUsed(most);
  }

  saw(source: string, clientId: string, nowMs: number): void {
    const before = this.seen.get(source);
    if (before?.latest === clientId) return;
    this.seen.set(source, { latest: clientId, sharedUntilMs: before === null ? 0 : nowMs + SHARED_MS });
  }

  /** The only caller that was seen there; null where nobody was, or several. */
  onlyOneAt(source: string, nowMs: number): string | null {
    const seen = this.seen.get(source);
    return seen === null || nowMs < seen.sharedUntilMs ? null : seen.latest;
  }
}
