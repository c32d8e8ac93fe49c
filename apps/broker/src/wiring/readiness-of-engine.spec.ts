import { Unavailable } from '#core';
import { DATABASE_SILENCE_MS, MAX_CLOCK_SKEW_MS, readinessOfEngine } from './readiness-of-engine.ts';

const WELL = { connected: true, revision: '1', release: 3, confirmedMsAgo: 10, problem: null };
const unavailable = (): never => {
  throw new Unavailable('away');
};

function checksOf(change: {
  status?: Partial<typeof WELL> | object;
  skew?: () => number;
  ring?: boolean;
  ledger?: () => never;
}) {
  return readinessOfEngine({
    trust: { status: () => ({ ...WELL, ...change.status }), clockSkewMs: change.skew ?? (() => 4) },
    ring: {
      status: () => ({
        isConfirmed: true,
        hasSealingKey: true,
        hasSigningKey: true,
        isReady: change.ring ?? true,
      }),
    },
    ledger: { current: change.ledger ?? (() => ({ ledger: 'main', incarnation: 'i' })) },
  });
}

describe(readinessOfEngine.name, () => {
  it('is ready when all is well', () => {
    expect(checksOf({}).ready).toBe(true);
  });

  it.each([
    ['the database hung up', { status: { connected: false } }, { database: 'unreachable' }],
    [
      'the database fell silent',
      { status: { confirmedMsAgo: DATABASE_SILENCE_MS + 1 } },
      { database: 'unreachable' },
    ],
    ['nothing was read yet', { status: { confirmedMsAgo: null } }, { database: 'unreachable' }],
    ['nothing is published', { status: { release: null, problem: 'x' } }, { release: 'none_published' }],
    ['the release is not usable', { status: { problem: 'x' } }, { release: 'not_usable' }],
    ['the ring is not confirmed', { ring: false }, { key_ring: 'not_confirmed' }],
    ['the ledger is not open', { ledger: unavailable }, { ledger: 'not_open' }],
    ['the clock runs ahead', { skew: () => MAX_CLOCK_SKEW_MS }, { clock: 'skewed' }],
    ['the clock runs behind', { skew: () => -MAX_CLOCK_SKEW_MS }, { clock: 'skewed' }],
    ['the clock was not read', { skew: unavailable }, { clock: 'unknown' }],
  ])('is not ready when %s', (_, change, checks) => {
    expect(checksOf(change)).toMatchObject({ ready: false, checks });
  });
});
