/** A request goes on with a good part of its work: between so many, the event loop looks at what else has come. */
const PER_TURN = 16;

/** Lets everybody go on whose entry is durable, a few in each turn of the event loop. */
export function resolveInTurns(entries: readonly { resolve(): void }[]): void {
  for (const entry of entries.slice(0, PER_TURN)) entry.resolve();
  if (entries.length > PER_TURN) setImmediate(() => resolveInTurns(entries.slice(PER_TURN)));
}
