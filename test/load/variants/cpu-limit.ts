import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Short, so that a process is held up often and briefly, and not for most of a tenth of a second. */
const PERIOD_US = 10_000;

/** Control groups of the kernel (version 1), which give a process a part of a core and no more. */
const CPU_GROUPS = '/sys/fs/cgroup/cpu';

/** Processes that have so much of a core each. */
export class CpuLimit {
  private constructor(private readonly folders: readonly string[]) {}

  /** `share`: of one core, for each process with all its threads. Null where the machine does not let us. */
  static on(pids: readonly number[], share: number): CpuLimit | null {
    const folders: string[] = [];
    const limit = new CpuLimit(folders);
    try {
      for (const pid of pids) {
        const folder = join(CPU_GROUPS, `oncekey-bench-${pid}`);
        mkdirSync(folder);
        folders.push(folder);
        writeFileSync(join(folder, 'cpu.cfs_period_us'), String(PERIOD_US));
        writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(Math.round(PERIOD_US * share)));
        writeFileSync(join(folder, 'cgroup.procs'), String(pid));
      }
      return limit;
    } catch {
      limit.lift();
      return null;
    }
  }

  /** What still runs has all of the machine again. */
  lift(): void {
    for (const folder of this.folders) {
      for (const pid of readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n'))
        if (pid !== '') writeFileSync(join(CPU_GROUPS, 'cgroup.procs'), pid);
      rmdirSync(folder);
    }
  }
}
