import {
  MAX_OPEN,
  POLL_SECONDS,
  SLOW_DOWN_SECONDS,
  type Approval,
  type Clock,
  type DeferralAct,
  type DeferralState,
  type NewDeferral,
  type StoredDeferral,
} from '#core';

interface Row {
  readonly deferral: NewDeferral;
  readonly requestedAt: number;
  readonly expiresAt: number;
  state: DeferralState;
  awaited: readonly string[];
  approvals: readonly Approval[];
  intervalMs: number;
  nextPollAt: number;
}

const CHANGES = {
  redeem: { from: ['approved'], to: 'redeemed' },
  refuse: { from: ['approved'], to: 'refused' },
  cancel: { from: ['pending', 'approved'], to: 'cancelled' },
} as const satisfies Record<Exclude<DeferralAct['does'], 'poll'>, object>;

/** What waits for an approval, for tests. */
export class MemoryDeferrals {
  private readonly rows = new Map<string, Row>();

  constructor(private readonly clock: Clock) {}

  add(deferral: NewDeferral): 'deferred' | 'too_many' {
    const { subject, clientId } = deferral.request;
    const open = [...this.rows.values()].filter((row) => this.isOpen(row)).map((row) => row.deferral.request);
    const ofSubject = open.filter(
      (one) => one.subject.issuer === subject.issuer && one.subject.subject === subject.subject,
    );
    const ofClient = open.filter((one) => one.clientId === clientId);
    if (ofSubject.length >= MAX_OPEN.perSubject || ofClient.length >= MAX_OPEN.perClient) return 'too_many';
    const now = this.clock.now();
    const intervalMs = POLL_SECONDS * 1000;
    this.rows.set(deferral.id, {
      deferral: structuredClone(deferral),
      requestedAt: now,
      expiresAt: now + deferral.ttlSeconds * 1000,
      state: 'pending',
      awaited: deferral.approvers,
      approvals: [],
      intervalMs,
      nextPollAt: now + intervalMs,
    });
    return 'deferred';
  }

  find(codeHash: Buffer): StoredDeferral | null {
    const row = [...this.rows.values()].find((one) => Buffer.from(one.deferral.codeHash).equals(codeHash));
    if (row === undefined) return null;
    const { codeHash: _, ttlSeconds: __, ...deferral } = row.deferral;
    const { awaited, approvals, requestedAt, expiresAt } = row;
    return { ...deferral, state: this.stateOf(row), awaited, approvals, requestedAt, expiresAt };
  }

  settle({ id, does }: Pick<DeferralAct, 'id' | 'does'>): 'slow_down' | 'done' | DeferralState {
    const row = this.rows.get(id);
    if (row === undefined) return 'expired';
    const state = this.stateOf(row);
    if (does === 'poll') return state === 'pending' ? this.poll(row) : state;
    const { from, to } = CHANGES[does];
    if (!from.some((one) => one === state)) return state;
    row.state = to;
    return 'done';
  }

  /** As somebody does who may: approves for some groups, or denies. False: it is not pending. */
  decide(id: string, approval: Omit<Approval, 'at'> | 'deny'): boolean {
    const row = this.rows.get(id);
    if (row === undefined || this.stateOf(row) !== 'pending') return false;
    if (approval === 'deny') row.state = 'denied';
    else if (!approval.groups.some((group) => row.awaited.includes(group))) return false;
    else {
      row.approvals = [...row.approvals, { ...approval, at: this.clock.now() }];
      row.awaited = row.awaited.filter((group) => !approval.groups.includes(group));
      if (row.awaited.length === 0) row.state = 'approved';
    }
    return true;
  }

  private poll(row: Row): 'slow_down' | 'pending' {
    const now = this.clock.now();
    const isEarly = now < row.nextPollAt;
    const { step, most } = SLOW_DOWN_SECONDS;
    if (isEarly) row.intervalMs = Math.min(row.intervalMs + step * 1000, most * 1000);
    row.nextPollAt = now + row.intervalMs;
    return isEarly ? 'slow_down' : 'pending';
  }

  private isOpen(row: Row): boolean {
    const state = this.stateOf(row);
    return state === 'pending' || state === 'approved';
  }

  private stateOf({ state, expiresAt }: Row): DeferralState {
    const isOpen = state === 'pending' || state === 'approved';
    return isOpen && expiresAt <= this.clock.now() ? 'expired' : state;
  }
}
