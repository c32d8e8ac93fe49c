import { markdownTable } from '../markdown-table.ts';
import type { Flood, Isolation, Overload } from './overload-shape.ts';

/** What is wanted of a broker that is offered too much, and whether it holds in this run. */
interface Verdict {
  readonly what: string;
  readonly measured: string;
  readonly wanted: string;
  readonly holds: boolean;
}

export function overloadTable({ flood, isolation }: Overload): string {
  const rows = [...verdictsOnFlood(flood), ...verdictsOnIsolation(isolation)].map(
    ({ what, measured, wanted, holds }) => [what, measured, wanted, holds ? 'holds' : '**missed**'],
  );
  const rate = (perSecond: number): string => perSecond.toFixed(0);
  return [
    markdownTable(['what', 'measured', 'wanted', 'verdict'], rows, 4),
    '',
    `- The flood: ${rate(flood.offeredPerSecond)} exchanges/s for ${flood.lastedSeconds.toFixed(1)} s, where the peak is ${rate(flood.peakPerSecond)}; ${rate(flood.goodPerSecond)}/s were served (p99 ${flood.served.p99Ms.toFixed(0)} ms) and ${flood.turnedAwayCount} turned away. A request that is served takes ${flood.servedCpuUs.toFixed(0)} us of the broker's CPU, one that is turned away ${flood.turnedAwayCpuUs.toFixed(0)}. Of the machine the broker had ${flood.brokerCores.toFixed(2)} cores meanwhile, Postgres ${flood.databaseCores.toFixed(2)}, and the load generator ${flood.callersCores.toFixed(2)}.`,
    `- The noise: ${rate(isolation.noisePerSecond)} exchanges/s of one client from an address of its own, of which ${percent(isolation.noiseTurnedAway)} were turned away, each for ${isolation.noiseCpuUs.toFixed(0)} us of the broker's CPU, beside ${rate(isolation.othersPerSecond)}/s of others; ${isolation.samples} of theirs in silence, as many with the same noise at another server of the machine, and as many with it. Their p50 was ${isolation.quiet.p50Ms.toFixed(1)}, ${isolation.elsewhere.p50Ms.toFixed(1)} and ${isolation.noisy.p50Ms.toFixed(1)} ms, their p99 ${isolation.quiet.p99Ms.toFixed(1)}, ${isolation.elsewhere.p99Ms.toFixed(1)} and ${isolation.noisy.p99Ms.toFixed(1)} ms.`,
  ].join('\n');
}

function verdictsOnFlood(flood: Flood): readonly Verdict[] {
  const unexpected = flood.withoutRetryAfter + flood.otherwise;
  return [
    {
      what: 'goodput at five times the peak, of the peak',
      measured: percent(flood.goodput),
      wanted: '>= 70 %',
      holds: flood.goodput >= 0.7,
    },
    {
      what: 'time to hear 503 or 429, p99',
      measured: `${flood.turnedAway.p99Ms.toFixed(1)} ms`,
      wanted: '<= 100 ms',
      holds: flood.turnedAway.p99Ms <= 100,
    },
    {
      what: 'of these without `Retry-After`, and answers of another kind',
      measured: String(unexpected),
      wanted: '0',
      holds: unexpected === 0,
    },
    {
      what: 'time until everybody is served again',
      measured: `${(flood.recoveryMs / 1000).toFixed(2)} s`,
      wanted: '<= 5 s',
      holds: flood.recoveryMs <= 5_000,
    },
  ];
}

function verdictsOnIsolation(isolation: Isolation): readonly Verdict[] {
  const { elsewhere, noisy, p99RaisedBy, quietNotServed, elsewhereNotServed, noisyNotServed } = isolation;
  return [
    {
      what: 'p99 of the others, one client at 100 times its quota',
      measured: `${elsewhere.p99Ms.toFixed(1)} to ${noisy.p99Ms.toFixed(1)} ms, ${percent(p99RaisedBy)} more`,
      wanted: '< 25 % more',
      holds: p99RaisedBy < 0.25,
    },
    {
      what: 'of the others not served: in silence, with noise elsewhere, with noise',
      measured: `${quietNotServed}, ${elsewhereNotServed} and ${noisyNotServed}`,
      wanted: '0, 0 and 0',
      holds: quietNotServed + elsewhereNotServed + noisyNotServed === 0,
    },
  ];
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(0)} %`;
}
