import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `question` answers true, and tells after how many milliseconds. Fails after `withinMs`. */
export async function eventually(
  question: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<number> {
  const began = performance.now();
  for (;;) {
    const isTrue = await question();
    const tookMs = performance.now() - began;
    if (isTrue) return tookMs;
    if (tookMs > withinMs) throw new Error(`still not so after ${withinMs} ms: ${question.toString()}`);
    await sleep(5);
  }
}
