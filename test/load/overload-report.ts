import { markdownTable } from './markdown-table.ts';
import type { Answered } from './overload-drive.ts';

/** What was asked of the broker and what came of it. */
export interface OverloadFigures extends IsolationFigures {
  readonly peakPerSecond: number;
  readonly offeredPerSecond: number;
  readonly goodPerSecond: number;
  readonly goodputRatio: number;
  readonly turnedAway: number;
  readonly withoutRetryAfter: number;
  /** Answers that are neither 200 nor 503 nor 429, and broken connections. */
  readonly otherwise: number;
  readonly turnedAwayP99Ms: number;
  readonly recoveryMs: number;
}

/** What others notice of one client that sends a hundred times its quota. */
export interface IsolationFigures {
  readonly quietP99Ms: number;
  readonly noisyP99Ms: number;
  /** How much longer others wait because of the noise; 0.1 is a tenth. */
  readonly raisedBy: number;
  /** How many of the others were not served, without noise and with it. */
  readonly othersNotServed: readonly number[];
  readonly noiseTurnedAwayRatio: number;
}

interface Target {
  readonly what: string;
  readonly measured: (figures: OverloadFigures) => string;
  readonly wanted: string;
  readonly holds: (figures: OverloadFigures) => boolean;
}

const percent = (ratio: number): string => `${(ratio * 100).toFixed(0)} %`;

const TARGETS: readonly Target[] = [
  {
    what: 'goodput at five times the peak, of the peak',
    measured: ({ goodputRatio }) => percent(goodputRatio),
    wanted: '>= 70 %',
    holds: ({ goodputRatio }) => goodputRatio >= 0.7,
  },
  {
    what: 'time to hear 503 or 429, p99',
    measured: ({ turnedAwayP99Ms }) => `${turnedAwayP99Ms.toFixed(1)} ms`,
    wanted: '<= 100 ms',
    holds: ({ turnedAwayP99Ms }) => turnedAwayP99Ms <= 100,
  },
  {
    what: 'of these without Retry-After, and answers of another kind',
    measured: ({ withoutRetryAfter, otherwise }) => String(withoutRetryAfter + otherwise),
    wanted: '0',
    holds: ({ withoutRetryAfter, otherwise }) => withoutRetryAfter + otherwise === 0,
  },
  {
    what: 'time until everybody is served again',
    measured: ({ recoveryMs }) => `${(recoveryMs / 1000).toFixed(2)} s`,
    wanted: '<= 5 s',
    holds: ({ recoveryMs }) => recoveryMs <= 5_000,
  },
  {
    what: 'p99 of the others, one client at 100 times its quota',
    measured: ({ quietP99Ms, noisyP99Ms, raisedBy }) =>
      `${quietP99Ms.toFixed(1)} to ${noisyP99Ms.toFixed(1)} ms, ${percent(raisedBy)} more`,
    wanted: '< 25 % more',
    holds: ({ raisedBy }) => raisedBy < 0.25,
  },
  {
    what: 'of the others not served, without the noise and with it',
    measured: ({ othersNotServed }) => othersNotServed.join(' and '),
    wanted: '0 and 0',
    holds: ({ othersNotServed }) => othersNotServed.every((count) => count === 0),
  },
];

/** A table for people; the figures themselves go to JSON. */
export function renderOverload(figures: OverloadFigures): string {
  const lines = TARGETS.map(({ what, measured, wanted, holds }) => [
    what,
    measured(figures),
    wanted,
    holds(figures) ? 'holds' : 'MISSED',
  ]);
  return markdownTable(['what', 'measured', 'wanted', 'verdict'], lines, 1);
}

export function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
}

export function isTurnedAway({ status }: Answered): boolean {
  return status === 503 || status === 429;
}
