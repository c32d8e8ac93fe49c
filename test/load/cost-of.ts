import { cpuTimeUs } from './cpu-time.ts';

/** Whose time is counted. Processes are named by their ids, and their children count with them. */
export interface Processes {
  readonly serving: readonly number[];
  /** Null where it is somebody else's. */
  readonly database: number | null;
  /** Callers besides the load generator, which counts in any case. */
  readonly calling: readonly number[];
}

/** CPU time in microseconds. */
export interface Cost {
  readonly cpuUs: number;
  readonly databaseCpuUs: number;
  readonly callersCpuUs: number;
}

/** What a piece of work costs each of them. The kernel counts in hundredths of a second: work that is shorter costs nothing. */
export async function costOf<Outcome>(
  { serving, database, calling }: Processes,
  work: () => Promise<Outcome>,
): Promise<Cost & { readonly outcome: Outcome }> {
  const now = (): Cost => ({
    cpuUs: timeOf(serving),
    databaseCpuUs: database === null ? 0 : timeOf([database]),
    callersCpuUs: timeOf(calling) + ownTimeUs(),
  });
  const before = now();
  const outcome = await work();
  const after = now();
  // A child that ends is counted with its parent a moment later: for that moment time seems to go back.
  const spent = (of: keyof Cost): number => Math.max(0, after[of] - before[of]);
  return {
    outcome,
    cpuUs: spent('cpuUs'),
    databaseCpuUs: spent('databaseCpuUs'),
    callersCpuUs: spent('callersCpuUs'),
  };
}

function timeOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuTimeUs(pid, true), 0);
}

function ownTimeUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
