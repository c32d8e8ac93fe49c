declare const proof: unique symbol;

/** A value that carries the proof of a check. Its name says which check. */
export type Evidence<Name extends string, Shape extends object> = Readonly<Shape> & {
  readonly [proof]: Name;
};

/** Stamps `shape` as checked. Only files under `steps/` may import this as a value. */
export function attest<E extends Evidence<string, object>>(shape: Omit<E, typeof proof>): E {
  return Object.freeze(shape) as E;
}
