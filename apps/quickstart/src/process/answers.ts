import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 40;
const ONE_TRY_MS = 2_000;

/** Resolves when the URL answers 200; asks again until `patienceMs` are over, then fails. */
export async function answersOk(url: string, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const status = await statusOf(url);
    if (status === 200) return;
    if (performance.now() > deadline)
      throw new Error(`${url} did not answer 200 in time, but ${status ?? 'nothing'}`);
    await sleep(POLL_MS);
  }
}

async function statusOf(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ONE_TRY_MS) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    // Not listening yet: to be asked again.
    return null;
  }
}
