import { Type, type Static } from '@sinclair/typebox';
import { closed, Count, Figure, measured, Side } from './figures.ts';

/** One way to run a broker, at capacity. */
const VariantResult = Type.Object(
  {
    variant: Type.String(),
    load: Type.String(),
    requests: Count,
    ...Side.properties,
    /** Where tokens are spent; null where that is the database. */
    ledgerCpuUs: Type.Union([Figure, Type.Null()]),
  },
  closed,
);
export type VariantResult = Static<typeof VariantResult>;

export const Workers = Type.Object(
  {
    ...measured,
    shared: Type.Array(VariantResult, { minItems: 1 }),
    /** Of a core, for each worker. */
    share: Figure,
    /** Null where the machine does not let us give a process a part of a core. */
    limited: Type.Union([Type.Array(VariantResult, { minItems: 1 }), Type.Null()]),
  },
  closed,
);
export type Workers = Static<typeof Workers>;

export const Ledgers = Type.Object(
  {
    ...measured,
    /** Why there is only one; null where all are there. */
    missing: Type.Union([Type.String(), Type.Null()]),
    results: Type.Array(VariantResult, { minItems: 1 }),
  },
  closed,
);
export type Ledgers = Static<typeof Ledgers>;
