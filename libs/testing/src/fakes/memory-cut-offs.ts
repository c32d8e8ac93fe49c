import {
  type Clock,
  type CutOff,
  type CutOffName,
  type EpochMs,
  type EventName,
  type Reliance,
  type Revocation,
  type SpendAttempt,
} from '#core';

interface Standing {
  readonly deadUntil: EpochMs;
  readonly saidAt: EpochMs;
  readonly recordedAt: EpochMs;
}

/** Cut-offs and events that were taken, for tests. */
export class MemoryCutOffs {
  /** By kind and id, and then by source. */
  private readonly standings = new Map<string, Map<string, Standing>>();
  private readonly events = new Set<string>();

  constructor(private readonly clock: Clock) {}

  hasTaken(event: EventName | null): boolean {
    return event !== null && this.events.has(eventKey(event));
  }

  take({ source, saidAt, event, cutOffs }: Revocation): void {
    if (event !== null) this.events.add(eventKey(event));
    for (const cutOff of cutOffs) this.change({ source, saidAt }, cutOff);
  }

  firstDead(reliances: readonly Reliance[]): Reliance | null {
    const isDead = (one: Reliance): boolean =>
      this.standingsOf(one).some(({ deadUntil }) => one.since <= deadUntil);
    return reliances.find(isDead) ?? null;
  }

  kills({ issuedAt, reliances }: SpendAttempt): boolean {
    return reliances.some((one) =>
      this.standingsOf(one).some(
        ({ deadUntil, recordedAt }) => one.since <= deadUntil || issuedAt <= recordedAt,
      ),
    );
  }

  private standingsOf(name: CutOffName): readonly Standing[] {
    return [...(this.standings.get(nameKey(name))?.values() ?? [])];
  }

  private change(
    { source, saidAt }: Pick<Revocation, 'source' | 'saidAt'>,
    { change, ...name }: CutOff,
  ): void {
    const recordedAt = this.clock.now();
    const said = { saidAt: Math.min(saidAt ?? recordedAt, recordedAt), recordedAt };
    const bySource = this.standings.get(nameKey(name)) ?? new Map<string, Standing>();
    this.standings.set(nameKey(name), bySource);
    const before = bySource.get(source) ?? { deadUntil: -Infinity, saidAt: -Infinity };
    if (change.is === 'lift') {
      const isBlocked = before.deadUntil === Infinity && before.saidAt <= said.saidAt;
      if (isBlocked) bySource.set(source, { deadUntil: recordedAt, ...said });
      return;
    }
    const until = change.is === 'block' ? Infinity : Math.min(change.upTo ?? recordedAt, recordedAt);
    bySource.set(source, {
      deadUntil: Math.max(before.deadUntil, until),
      saidAt: Math.max(before.saidAt, said.saidAt),
      recordedAt,
    });
  }
}

function nameKey({ kind, id }: CutOffName): string {
  return `${kind} ${id}`;
}

function eventKey({ issuer, jti }: EventName): string {
  return `${issuer} ${jti}`;
}
