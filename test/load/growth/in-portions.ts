/** Rows of one statement: the broker that works meanwhile finds no transaction that is open for minutes. */
const PORTION = 250_000;

/** Calls for the numbers from 1 to `count`, some at a time; `from` and `to` are both in. */
export async function inPortions(
  count: number,
  fill: (from: number, to: number) => Promise<unknown>,
): Promise<void> {
  for (let from = 1; from <= count; from += PORTION) await fill(from, Math.min(count, from + PORTION - 1));
}
