import type { AuditEvent } from '#core';

/** Brokers commit at the same time: an event can show up this much after one that is younger. */
const LOOK_BACK_MS = 5_000;

/** Which events of a growing log have not been shown yet, although they do not arrive in order. */
export class FollowedLog {
  private readonly shown = new Set<string>();
  private youngestMs: number;

  /** `startedAt`: what is older than this by the look-back, and was not among `first`, is never shown. */
  constructor(first: readonly AuditEvent[], startedAt: number) {
    for (const { id } of first) this.shown.add(id);
    this.youngestMs = first.at(-1)?.at ?? startedAt;
  }

  /** The id after which to look next. */
  get lookFrom(): string {
    return firstIdAt(this.youngestMs - LOOK_BACK_MS);
  }

  /** Those of `events` that are new. */
  fresh(events: readonly AuditEvent[]): readonly AuditEvent[] {
    const fresh = events.filter(({ id }) => !this.shown.has(id));
    for (const { id, at } of fresh) {
      this.shown.add(id);
      this.youngestMs = Math.max(this.youngestMs, at);
    }
    const oldest = this.lookFrom;
    for (const id of this.shown) if (id < oldest) this.shown.delete(id);
    return fresh;
  }
}

/** The least event id of a millisecond: event ids begin with 48 bits of time. */
function firstIdAt(atMs: number): string {
  const hex = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
