/**
 * A part of a ledger that lies on one server: in one slot, so that a script finds all of it. Each has an incarnation
 * of its own, which says in its first digit where it lies, and a token is spent where its incarnation says.
 */
export interface Shard {
  /** From 0 to 15: one hexadecimal digit. */
  readonly digit: string;
  /** That of the incarnation, and one for each bucket of the ring. */
  readonly keys: readonly string[];
}

/** Tables of the ring. */
export const RING_KEYS = 4;

/** Hash tags whose slots lie evenly in all 16384: however many masters share these, they share the shards. */
const TAGS = [18, 455, 333, 223, 553, 443, 95, 663, 265, 375, 908, 155, 985, 895, 405, 515] as const;

/** All shards of a ledger; a single server has a use for only one of them. */
export function shardsOf(ledger: string): readonly Shard[] {
  return TAGS.map((tag, number) => {
    const place = `oncekey:${ledger}:{${tag}}`;
    const rings = Array.from({ length: RING_KEYS }, (_, at) => `${place}:spent:${at}`);
    return { digit: number.toString(16), keys: [`${place}:incarnation`, ...rings] };
  });
}

const INCARNATION = /^[0-9a-f]{21}$/;

/** Where the tokens of an incarnation are spent; null where it is none of ours. */
export function shardOf(shards: readonly Shard[], incarnation: string): Shard | null {
  if (!INCARNATION.test(incarnation)) return null;
  return shards[Number.parseInt(incarnation.charAt(0), 16)] ?? null;
}
