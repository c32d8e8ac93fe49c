import { setTimeout as sleep } from 'node:timers/promises';
import { UnexpectedAnswer } from './send.ts';

const TIMES = 4;
const PAUSE_MS = 1_000;

/**
 * Does `work` again, from its beginning, where a broker answered otherwise than it should: on a machine that is busy
 * with something else it says 503. What was measured of an attempt that failed is not used, and each is told.
 *
 * Fails  UnexpectedAnswer of the last time
 */
export async function persistently<Outcome>(
  say: (line: string) => void,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  for (let time = 1; ; time++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnexpectedAnswer) || time === TIMES) throw error;
      say(`once more: ${error.message}`);
      await sleep(PAUSE_MS);
    }
  }
}
