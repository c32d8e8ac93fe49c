import { environment } from '../config.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How often it is looked whether npm's shell, which started us, is still there. */
const WATCH_MS = 500;

/**
 * Resolves when somebody wants an end: Ctrl-C, a signal, a closed terminal, or the death of the shell that npm runs
 * us in, which hands no signal on. `again` is called when they say so a second time.
 */
export function endWanted(again: () => void): Promise<void> {
  return new Promise((resolve) => {
    let isTold = false;
    const tell = (): void => {
      if (isTold) again();
      isTold = true;
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, tell);
    if (environment['npm_lifecycle_event'] === undefined) return;
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      if (!isTold) tell();
    }, WATCH_MS);
    watch.unref();
  });
}
