import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Numbers from 0 to 1 that are the same for the same seed. */
export function seededRandom(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/**
 * When so many requests arrive that know nothing of each other (a Poisson process), in milliseconds after the start.
 * The same for the same seed, so that both sides of a comparison meet the same crowds.
 */
export function arrivalsMs(count: number, perSecond: number, seed: number): readonly number[] {
  const random = seededRandom(seed);
  let atMs = 0;
  return Array.from({ length: count }, () => (atMs += (-Math.log(1 - random()) * 1000) / perSecond));
}

/** The same things in an order that is the same for the same seed (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = seededRandom(seed);
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other] as Item, mixed[at] as Item];
  }
  return mixed;
}
