import { Type, type Static } from '@sinclair/typebox';
import { closed, Count, Figure, measured, Percentiles, Side } from './figures.ts';
import { Overload } from './overload-shape.ts';
import { Ledgers, Workers } from './variant-shapes.ts';

/** What `docs/generated/performance.json` holds. Units are in the names; CPU times are for each request. */

const Machine = Type.Object(
  {
    cpu: Type.String(),
    cores: Count,
    memoryGb: Figure,
    platform: Type.String(),
    node: Type.String(),
    postgres: Type.String(),
  },
  closed,
);
export type Machine = Static<typeof Machine>;

/** The same side at a rate that it can take, with arrivals that wait for nobody (open loop). */
const Arrivals = Type.Object(
  {
    perSecond: Figure,
    requests: Count,
    latency: Percentiles,
    /** How late the load generator itself was. */
    lag: Percentiles,
  },
  closed,
);
export type Arrivals = Static<typeof Arrivals>;

const LoadResult = Type.Object(
  {
    load: Type.String(),
    requests: Count,
    broker: Side,
    floor: Side,
    /** CPU of the floor for each CPU second of the broker; of all processes but Postgres where `wholeTrip`. */
    ofFloor: Figure,
    wholeTrip: Type.Boolean(),
    throughputOfFloor: Figure,
    target: Type.Union([Figure, Type.Null()]),
    brokerArrivals: Arrivals,
    floorArrivals: Arrivals,
  },
  closed,
);
export type LoadResult = Static<typeof LoadResult>;

const Loads = Type.Object(
  {
    ...measured,
    connections: Count,
    warmUp: Count,
    shareOfCapacity: Figure,
    results: Type.Array(LoadResult, { minItems: 1 }),
    memory: Type.Object(
      { brokerMb: Figure, brokerPeakMb: Figure, floorMb: Figure, databaseMb: Figure },
      closed,
    ),
  },
  closed,
);
export type Loads = Static<typeof Loads>;

const PeerResult = Type.Object(
  {
    name: Type.String(),
    act: Type.Union([Type.Literal('issue'), Type.Literal('introspect')]),
    callerProves: Type.String(),
    /** What is on disk before the answer leaves. */
    writes: Type.String(),
    requests: Count,
    requestsPerSecond: Figure,
    /** Null where the process is somebody else's. */
    cpuUs: Type.Union([Figure, Type.Null()]),
    databaseCpuUs: Type.Union([Figure, Type.Null()]),
    arrivals: Arrivals,
  },
  closed,
);
export type PeerResult = Static<typeof PeerResult>;

const Peers = Type.Object({ ...measured, results: Type.Array(PeerResult, { minItems: 1 }) }, closed);
export type Peers = Static<typeof Peers>;

const Curve = Type.Union([Type.Literal('constant'), Type.Literal('logarithmic'), Type.Literal('linear')]);
export type Curve = Static<typeof Curve>;

const GrowthPoint = Type.Object(
  { size: Count, requestsPerSecond: Figure, cpuUs: Figure, databaseCpuUs: Figure, p99Ms: Figure },
  closed,
);
export type GrowthPoint = Static<typeof GrowthPoint>;

const Dimension = Type.Object(
  {
    of: Type.String(),
    load: Type.String(),
    curve: Curve,
    whenItBends: Type.String(),
    points: Type.Array(GrowthPoint, { minItems: 1 }),
  },
  closed,
);
export type Dimension = Static<typeof Dimension>;

const Growth = Type.Object({ ...measured, dimensions: Type.Array(Dimension, { minItems: 1 }) }, closed);
export type Growth = Static<typeof Growth>;

const Decisions = Type.Object(
  {
    ...measured,
    curve: Curve,
    points: Type.Array(
      Type.Object(
        { policies: Count, decisionUs: Figure, compileMs: Figure, memoryMb: Type.Number(), permitted: Count },
        closed,
      ),
    ),
    decisions: Count,
    rounds: Count,
  },
  closed,
);
export type Decisions = Static<typeof Decisions>;

const Steady = Type.Object(
  {
    ...measured,
    minutes: Figure,
    /** Pairs; less are driven where the machine cannot take so many. */
    wantedPerSecond: Figure,
    /** What this machine can do in closed loop, the callers included. */
    capacityPerSecond: Figure,
    /** The most of it that is driven. */
    shareOfCapacity: Figure,
    perSecond: Figure,
    /** Exchanges and spends that were answered, in pairs. */
    pairs: Count,
    latency: Percentiles,
    brokerMb: Type.Object({ first: Figure, last: Figure, greatest: Figure }, closed),
    /** Sizes with their indexes. */
    tables: Type.Array(
      Type.Object({ table: Type.String(), greatestMb: Figure, lastMb: Figure, deadRows: Count }, closed),
    ),
    ledgerEmptied: Count,
    auditBytesPerPair: Figure,
    usedIdBytesPerPair: Figure,
    partitionsAhead: Count,
  },
  closed,
);
export type Steady = Static<typeof Steady>;

const Memory = Type.Object(
  {
    ...measured,
    requests: Count,
    samples: Type.Array(Type.Object({ requests: Count, residentMb: Figure, heapMb: Figure }, closed), {
      minItems: 2,
    }),
    /** Of the resident memory, over the second half of the run. */
    slopeMbPerMillion: Type.Number(),
  },
  closed,
);
export type Memory = Static<typeof Memory>;

const Delay = Type.Object({ of: Type.String(), count: Count, minMs: Figure, latency: Percentiles }, closed);
export type Delay = Static<typeof Delay>;

const Propagation = Type.Object({ ...measured, policies: Count, rows: Type.Array(Delay) }, closed);
const Revocation = Type.Object({ ...measured, events: Count, late: Count, rows: Type.Array(Delay) }, closed);
export type Propagation = Static<typeof Propagation>;
export type Revocation = Static<typeof Revocation>;

/** A section that was not measured yet is not there. */
const SECTIONS = {
  loads: Type.Optional(Loads),
  peers: Type.Optional(Peers),
  growth: Type.Optional(Growth),
  decisions: Type.Optional(Decisions),
  steady: Type.Optional(Steady),
  memory: Type.Optional(Memory),
  overload: Type.Optional(Overload),
  workers: Type.Optional(Workers),
  ledgers: Type.Optional(Ledgers),
  propagation: Type.Optional(Propagation),
  revocation: Type.Optional(Revocation),
};

export const Performance = Type.Object({ machine: Machine, ...SECTIONS }, closed);
export type Performance = Static<typeof Performance>;
export type SectionName = keyof typeof SECTIONS;

/** One or more sections. */
export type Measured = Omit<Performance, 'machine'>;

/** Takes what is measured of a section so far: the rest of it may fail. */
export type Keep = (measured: Measured) => void;
