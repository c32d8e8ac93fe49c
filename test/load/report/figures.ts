import { Type, type Static } from '@sinclair/typebox';

/** What the shapes of all sections are made of. */

export const closed = { additionalProperties: false } as const;
export const Figure = Type.Number({ minimum: 0 });
export const Count = Type.Integer({ minimum: 0 });

export const Percentiles = Type.Object(
  { p50Ms: Figure, p90Ms: Figure, p99Ms: Figure, p999Ms: Figure, maxMs: Figure },
  closed,
);
export type Percentiles = Static<typeof Percentiles>;

/** When a section was measured, and with which seed of the arrivals and the mix. */
export const measured = { at: Type.String(), seed: Type.Integer() };

/** One side of a comparison at saturation: as many requests as it takes (closed loop). */
export const Side = Type.Object(
  {
    requestsPerSecond: Figure,
    cpuUs: Figure,
    databaseCpuUs: Figure,
    /** Of the API where there is one, and of the load generator. */
    callersCpuUs: Figure,
    atCapacity: Percentiles,
  },
  closed,
);
export type Side = Static<typeof Side>;
