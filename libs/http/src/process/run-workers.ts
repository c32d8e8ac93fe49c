import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Logger } from 'pino';
import type { RunningProcess } from './run-process.ts';

/** A worker that ends sooner than this after its start would end again. */
const TOO_SOON_MS = 5_000;

/** So long after a worker has ended, another takes its place. */
const REPLACE_AFTER_MS = 250;

/**
 * Runs the script of this process in so many workers that share its port. A worker that ends unasked is replaced; one
 * that ends right after it was started will not be helped by another start, and is what `onHopeless` hears.
 *
 * Out    stop  asks all workers to finish what is under way, and resolves when they have ended
 */
export async function runWorkers(
  log: Logger,
  count: number,
  onHopeless: (error: unknown) => void,
): Promise<RunningProcess> {
  let isStopping = false;
  const start = (): Worker => {
    const startedAt = Date.now();
    const worker = cluster.fork();
    worker.once('exit', (code, signal) => {
      if (isStopping) return;
      const end = { worker: worker.id, code, signal };
      if (signal === null && Date.now() - startedAt < TOO_SOON_MS) {
        return onHopeless(new Error(`worker ${worker.id} ended with exit code ${code} as soon as it began`));
      }
      log.error(end, 'a worker ended, and is replaced');
      setTimeout(() => isStopping || start(), REPLACE_AFTER_MS);
    });
    return worker;
  };
  const workers = Array.from({ length: count }, start);
  await Promise.all(workers.map((worker) => once(worker, 'listening')));
  return {
    stop: async () => {
      isStopping = true;
      const running = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
      await Promise.all(
        running.map(async (worker) => {
          const ended = once(worker, 'exit');
          worker.process.kill('SIGTERM');
          await ended;
        }),
      );
    },
  };
}
