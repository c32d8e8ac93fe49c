import type { Logger } from 'pino';
import './heap-flags.ts';

export interface RunningProcess {
  /** Stops taking requests, finishes those under way, lets go of everything. */
  stop(): Promise<void>;
}

/** What is under way has this long to finish. */
const DRAIN_MS = 10_000;

/**
 * Starts a process and sees it through to its end: a signal drains it, and what nobody caught ends it, since nothing
 * that it answered afterwards could be believed. `start` is given what to call when there is no hope.
 */
export async function runProcess(
  log: Logger,
  start: (onHopeless: (error: unknown) => void) => Promise<RunningProcess>,
): Promise<void> {
  const exit = (code: number): void => {
    // It says that it failed wherever there is no disk to force it to: a pipe, a terminal.
    log.flush(() => process.exit(code));
    // A log that cannot be written must not keep us.
    setTimeout(() => process.exit(code), 1_000).unref();
  };
  const die = (what: string) => (thrown: unknown) => {
    log.fatal({ err: thrown }, what);
    process.exitCode = 1;
    exit(1);
  };
  process.on('unhandledRejection', die('unhandled rejection'));
  process.on('uncaughtException', die('uncaught exception'));

  let isStopping = false;
  let running: RunningProcess | null = null;
  const stop = (signal: string): void => {
    // npm and the terminal both pass a signal on; the second is no more urgent than the first.
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => die('not stopped in time')(undefined), DRAIN_MS).unref();
    (running?.stop() ?? Promise.resolve()).then(() => exit(0), die('could not stop'));
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));

  try {
    running = await start(die('cannot go on'));
    if (isStopping) await running.stop();
  } catch (thrown) {
    die('could not start')(thrown);
  }
}
