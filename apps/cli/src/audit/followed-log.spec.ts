import type { AuditEvent } from '#core';
import { FollowedLog } from './followed-log.ts';

const NOW = 1_795_000_000_000;

function anEvent(atMs: number, tail: string): AuditEvent {
  const hex = atMs.toString(16).padStart(12, '0');
  return {
    id: `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${tail.padStart(12, '0')}`,
    at: atMs,
    type: 'token.exchange',
    outcome: 'permitted',
    reason: null,
    reasonId: tail,
    txn: null,
    detail: null,
  };
}

describe('FollowedLog', () => {
  const first = anEvent(NOW, '1');

  it('shows an event once', () => {
    const log = new FollowedLog([first], NOW);
    const next = anEvent(NOW + 10, '2');
    expect(log.fresh([first, next])).toEqual([next]);
    expect(log.fresh([first, next])).toEqual([]);
  });

  it('shows an event that arrives after a younger one', () => {
    const log = new FollowedLog([first], NOW);
    const late = anEvent(NOW + 5, '3');
    log.fresh([anEvent(NOW + 4_000, '2')]);
    expect(late.id > log.lookFrom).toBe(true);
    expect(log.fresh([late])).toEqual([late]);
  });

  it('looks back five seconds from the youngest, or from its start when the log is empty', () => {
    expect(new FollowedLog([], NOW).lookFrom).toBe(new FollowedLog([first], 0).lookFrom);
    expect(anEvent(NOW - 5_000, '0').id > new FollowedLog([first], NOW).lookFrom).toBe(true);
    expect(anEvent(NOW - 5_001, 'f').id < new FollowedLog([first], NOW).lookFrom).toBe(true);
  });
});
