import fc from 'fast-check';
import { activeKey, planRotation, type KeyLife, type KeyUse, type RotationPolicy } from './key-ring.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONGEST_TOKEN_MS = 300_000;
const policy: RotationPolicy = { activeForMs: 30 * DAY, publishedForMs: DAY, keptForMs: HOUR };
const START = 1_790_000_000_000;
const USES: readonly KeyUse[] = ['seal', 'sign'];

const key = (kid: string, activeFrom: number, use: KeyUse = 'seal'): KeyLife => ({
  kid,
  use,
  createdAt: activeFrom,
  activeFrom,
});

describe('activeKey', () => {
  test('is the youngest that is active', () => {
    const keys = [key('old', 0), key('young', 10), key('next', 20), key('other', 15, 'sign')];
    expect(activeKey(keys, 'seal', 9)?.kid).toBe('old');
    expect(activeKey(keys, 'seal', 10)?.kid).toBe('young');
    expect(activeKey([...keys].reverse(), 'seal', 19)?.kid).toBe('young');
    expect(activeKey(keys, 'seal', 20)?.kid).toBe('next');
    expect(activeKey(keys, 'sign', 20)?.kid).toBe('other');
    expect(activeKey(keys, 'sign', 14)).toBeNull();
    expect(activeKey([], 'seal', 0)).toBeNull();
  });
});

describe('planRotation', () => {
  const plan = (keys: readonly KeyLife[], at: number, rules = policy) => {
    const { create, remove } = planRotation([...keys, key('sign', 0, 'sign')], rules, at);
    return {
      create: create.filter(({ use }) => use === 'seal'),
      remove: remove.filter((kid) => kid !== 'sign'),
    };
  };

  test('makes one key of each use in an empty ring, active at once', () => {
    expect(planRotation([], policy, START)).toEqual({
      create: USES.map((use) => ({ use, activeFrom: START })),
      remove: [],
    });
  });

  test('does nothing while a key is in the midst of its life', () => {
    expect(plan([key('a', START)], START + 29 * DAY - 1)).toEqual({ create: [], remove: [] });
  });

  test('publishes a successor before its time', () => {
    expect(plan([key('a', START)], START + 29 * DAY).create).toEqual([
      { use: 'seal', activeFrom: START + 30 * DAY },
    ]);
  });

  test('publishes a late successor for as long as a timely one', () => {
    const late = START + 90 * DAY;
    expect(plan([key('a', START)], late).create).toEqual([{ use: 'seal', activeFrom: late + DAY }]);
  });

  test('makes one successor only', () => {
    expect(plan([key('a', START), key('b', START + 30 * DAY)], START + 29 * DAY + 1).create).toEqual([]);
  });

  test('makes no second first key for a broker whose clock is behind', () => {
    expect(plan([key('a', START)], START - 5_000).create).toEqual([]);
  });

  test('J-67 drops a key when what it made is dead, and not before', () => {
    const ring = [key('a', START), key('b', START + 30 * DAY)];
    expect(plan(ring, START + 30 * DAY + HOUR - 1).remove).toEqual([]);
    expect(plan(ring, START + 30 * DAY + HOUR).remove).toEqual(['a']);
  });

  test('J-67 drops keys also where they are kept longer than they are active', () => {
    const rules = { activeForMs: HOUR, publishedForMs: 10 * MINUTE, keptForMs: 3 * HOUR };
    const ring = [0, 1, 2, 3, 4, 5].map((hour) => key(`k${hour}`, START + hour * HOUR));
    expect(plan(ring, START + 5 * HOUR + MINUTE, rules).remove).toEqual(['k0', 'k1']);
  });

  test('drops nothing because of a successor that is not active yet', () => {
    expect(plan([key('a', START), key('b', START + 30 * DAY)], START + 30 * DAY - 1).remove).toEqual([]);
  });

  test('keys of one use do not touch those of the other', () => {
    const ring = [key('a', START), key('s', START + 10 * DAY, 'sign')];
    expect(planRotation(ring, policy, START + 20 * DAY)).toEqual({ create: [], remove: [] });
  });
});

/** As `expect`, at a price that a year can pay. */
function must(isSo: boolean, law: string): void {
  if (!isSo) throw new Error(`not so: ${law}`);
}

/** Brokers that plan under one lock, with clocks that differ, now and then asleep. */
class Ring {
  keys: KeyLife[] = [];
  made = 0;

  constructor(private readonly rules: RotationPolicy) {}

  rotate(clock: number): void {
    const { create, remove } = planRotation(this.keys, this.rules, clock);
    for (const { use, activeFrom } of create) {
      const isFirst = !this.keys.some((one) => one.use === use);
      must(isFirst || activeFrom >= clock + this.rules.publishedForMs, 'published before it is used');
      this.keys.push({ kid: `${use}${this.made++}`, use, createdAt: clock, activeFrom });
    }
    this.keys = this.keys.filter(({ kid }) => !remove.includes(kid));
  }
}

function liveThrough(rules: RotationPolicy, steps: Iterable<{ waitMs: number; skewMs: number }>): Ring {
  const ring = new Ring(rules);
  /** The last moment at which some broker made a token with the key. */
  const lastUse = new Map<string, number>();
  let now = START;
  for (const { waitMs, skewMs } of steps) {
    now += waitMs;
    ring.rotate(now + skewMs);
    for (const use of USES) {
      for (const clock of [now, now + skewMs]) {
        const active = activeKey(ring.keys, use, clock);
        if (active !== null) lastUse.set(active.kid, now);
        else must(ring.keys.filter((one) => one.use === use).length === 1, 'only the first key is awaited');
      }
      const most = 3 + Math.ceil(rules.keptForMs / rules.activeForMs);
      must(ring.keys.filter((one) => one.use === use).length <= most, 'the ring does not grow');
    }
    const held = new Set(ring.keys.map(({ kid }) => kid));
    for (const [kid, at] of lastUse)
      must(held.has(kid) || now - at >= LONGEST_TOKEN_MS, 'kept while a token can live');
  }
  return ring;
}

describe('a year of two brokers', () => {
  test('always has one active key, published before it was used and kept while a token of 300 s can live', () => {
    const steps = Array.from({ length: 365 * 24 * 2 }, (_, at) => ({
      waitMs: 30 * MINUTE,
      skewMs: at % 2 === 0 ? 0 : 2_000,
    }));
    const ring = liveThrough(policy, steps);
    expect(ring.made).toBe(2 * 13);
    expect(ring.keys.length).toBeLessThanOrEqual(4);
  });

  test('property: holds with naps, skewed clocks and other policies', () => {
    const rules = fc.record({
      activeForMs: fc.integer({ min: 2, max: 60 }).map((hours) => hours * HOUR),
      publishedForMs: fc.integer({ min: 1, max: 60 }).map((minutes) => minutes * MINUTE),
      keptForMs: fc.integer({ min: 10, max: 60 * 24 }).map((minutes) => minutes * MINUTE),
    });
    const step = fc.record({
      waitMs: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1000, max: 10 * MINUTE }) },
        fc.nat(3 * DAY),
      ),
      skewMs: fc.integer({ min: -2_000, max: 2_000 }),
    });
    fc.assert(
      fc.property(rules, fc.array(step, { maxLength: 200 }), (one, steps) => {
        liveThrough(one, steps);
      }),
      { numRuns: 100 },
    );
  });
});
