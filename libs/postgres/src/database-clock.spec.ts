import { Unavailable } from '#core';
import { DatabaseClock, type ClockReading } from './database-clock.ts';

/** A reading whose round trip took `tripMs`, of a database that is `aheadMs` ahead of the monotonic clock. */
function reading(aheadMs: number, tripMs: number, sentAt = performance.now()): ClockReading {
  return { sentAt, receivedAt: sentAt + tripMs, databaseTime: sentAt + tripMs / 2 + aheadMs };
}

function aheadAfter(...readings: ClockReading[]): number {
  const clock = new DatabaseClock();
  for (const one of readings) clock.observe(one);
  return Math.round(clock.now() - performance.now());
}

describe("the database's clock", () => {
  it('is not known before it was read', () => {
    expect(() => new DatabaseClock().now()).toThrow(Unavailable);
    expect(() => new DatabaseClock().skewMs()).toThrow(Unavailable);
  });

  it.each<{ name: string; readings: ClockReading[]; ahead: number }>([
    { name: 'takes half of the round trip for the way there', readings: [reading(5_000, 300)], ahead: 5_000 },
    {
      name: 'prefers the more exact reading',
      readings: [reading(5_000, 200), reading(5_060, 10)],
      ahead: 5_060,
    },
    {
      name: 'keeps what is more exact and not contradicted',
      readings: [reading(5_000, 10), reading(5_060, 200)],
      ahead: 5_000,
    },
    {
      name: 'believes a contradiction: the clock was set',
      readings: [reading(5_000, 10), reading(9_000, 200)],
      ahead: 9_000,
    },
    {
      name: 'believes a contradiction backwards too',
      readings: [reading(5_000, 10), reading(1_000, 200)],
      ahead: 1_000,
    },
  ])('$name', ({ readings, ahead }) => {
    expect(aheadAfter(...readings)).toBe(ahead);
  });

  it('tells how far it is ahead of the machine', () => {
    const clock = new DatabaseClock();
    clock.observe(reading(Date.now() - performance.now() + 3_000, 0));
    expect(Math.round(clock.skewMs() / 100)).toBe(30);
  });
});
