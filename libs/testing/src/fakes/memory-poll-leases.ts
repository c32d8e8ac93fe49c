import type { Clock, EpochMs, PollLease, PollLeases } from '#core';

interface Row {
  holder: PollLeases;
  leasedUntil: EpochMs;
  notBefore: EpochMs;
  failures: number;
  events: number;
  failure: string | null;
}

/** Leases of one process, for the brokers of one test. */
export class MemoryPollLeases {
  readonly rows = new Map<string, Row>();

  constructor(private readonly clock: Clock) {}

  /** As one broker sees them. */
  holder(): PollLeases {
    const mine: PollLeases = {
      take: async (issuer, leaseMs) => this.take(issuer, { holder: mine, leaseMs }),
      succeeded: async (issuer, events) =>
        this.change(issuer, mine, (row) => Object.assign(row, { failures: 0, events: row.events + events })),
      failed: async (issuer, { what, waitMs }) =>
        this.change(issuer, mine, (row) =>
          Object.assign(row, {
            failure: what,
            failures: row.failures + 1,
            leasedUntil: this.clock.now(),
            notBefore: this.clock.now() + waitMs,
          }),
        ),
      release: async (issuer) =>
        this.change(issuer, mine, (row) => Object.assign(row, { leasedUntil: this.clock.now() })),
    };
    return mine;
  }

  private take(
    issuer: string,
    { holder, leaseMs }: { readonly holder: PollLeases; readonly leaseMs: number },
  ): PollLease | null {
    const now = this.clock.now();
    const known = this.rows.get(issuer);
    const isFree = known === undefined || known.holder === holder || known.leasedUntil <= now;
    if (!isFree || (known !== undefined && known.notBefore > now)) return null;
    const fresh = { notBefore: 0, failures: 0, events: 0, failure: null };
    const row = { ...(known ?? fresh), holder, leasedUntil: now + leaseMs };
    this.rows.set(issuer, row);
    return { failures: row.failures };
  }

  private change(issuer: string, holder: PollLeases, change: (row: Row) => void): void {
    const row = this.rows.get(issuer);
    if (row?.holder === holder) change(row);
  }
}
