import type { Floor } from '../floor/floor.ts';
import type { Expected, PreparedRequest, Shot } from '../send.ts';
import type { World } from '../world.ts';

/** The same work for both sides. */
export interface Volley {
  readonly broker: readonly Shot[];
  readonly floor: readonly Shot[];
}

/** One kind of request, as it is measured. */
export interface Load {
  readonly name: string;
  /** Least share of the floor that is wanted; null where none is set. */
  readonly target: number | null;
  /** Callers and APIs are part of what is measured, and not only in the way. */
  readonly wholeTrip: boolean;
  /** Processes that call the broker, besides the load generator. */
  readonly calling: { readonly broker: readonly number[]; readonly floor: readonly number[] };
  /** Signs and earns what so many requests need. Each shot can be sent once. */
  prepare(count: number): Promise<Volley>;
}

/** Both sides of one deployment. */
export interface Sides {
  readonly world: World;
  readonly floor: Floor;
}

/** A load of requests to the broker and nobody else. */
export function requestLoad(name: string, target: number | null, prepare: Load['prepare']): Load {
  return { name, target, wholeTrip: false, calling: { broker: [], floor: [] }, prepare };
}

/** The floor does not refuse, and has answers of its own. */
export function volleyOf(
  { world, floor }: Sides,
  requests: readonly PreparedRequest[],
  expected: { readonly broker: Expected; readonly floor: Expected },
): Volley {
  return {
    broker: world.broker.shots(requests, expected.broker),
    floor: floor.sender.shots(requests, expected.floor),
  };
}
