import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that can be left for a moment wherever it yields. */
export type Steps<Outcome> = Generator<void, Outcome, void>;

/** How long others wait at the most, where no single step is longer. */
const TURN_MS = 5;

/** Does all of it, and nothing else meanwhile. */
export function atOnce<Outcome>(steps: Steps<Outcome>): Outcome {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Does some of it in each turn of the event loop. */
export async function inTurns<Outcome>(steps: Steps<Outcome>): Promise<Outcome> {
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < TURN_MS) continue;
    await nextTurn();
    began = performance.now();
  }
}
