import { Type, type Static } from '@sinclair/typebox';
import { closed, Count, Figure, measured, Percentiles } from './figures.ts';

const Flood = Type.Object(
  {
    /** In closed loop, all served. */
    peakPerSecond: Figure,
    offeredPerSecond: Figure,
    lastedSeconds: Figure,
    goodPerSecond: Figure,
    /** Share of the peak that is served while too much is offered. */
    goodput: Figure,
    /** Of the broker, for a request at the peak; and for one that is turned away, which is what is left of the flood's. */
    servedCpuUs: Figure,
    turnedAwayCpuUs: Figure,
    /** Busy meanwhile: all of them share the machine. */
    brokerCores: Figure,
    databaseCores: Figure,
    callersCores: Figure,
    served: Percentiles,
    turnedAwayCount: Count,
    /** Until 503 or 429 was heard. */
    turnedAway: Percentiles,
    withoutRetryAfter: Count,
    /** Answers that are neither 200 nor 503 nor 429, and broken connections. */
    otherwise: Count,
    /** From the end of the flood until everybody is served. */
    recoveryMs: Figure,
  },
  closed,
);
export type Flood = Static<typeof Flood>;

const Isolation = Type.Object(
  {
    othersPerSecond: Figure,
    noisePerSecond: Figure,
    /** Requests of the others, as many without the noise as with it. */
    samples: Count,
    quiet: Percentiles,
    /** With the same noise at another server of the machine. */
    elsewhere: Percentiles,
    noisy: Percentiles,
    /** Compared with noise elsewhere; 0.1 is a tenth more. */
    p99RaisedBy: Type.Number(),
    quietNotServed: Count,
    elsewhereNotServed: Count,
    noisyNotServed: Count,
    /** Of the broker, for each request of the noise. */
    noiseCpuUs: Figure,
    /** Share of the noise. */
    noiseTurnedAway: Figure,
  },
  closed,
);
export type Isolation = Static<typeof Isolation>;

export const Overload = Type.Object({ ...measured, flood: Flood, isolation: Isolation }, closed);
export type Overload = Static<typeof Overload>;
