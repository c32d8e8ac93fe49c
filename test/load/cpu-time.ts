import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Kernel ticks in a second; 100 on every Linux that is not exotic. */
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface ProcessStat {
  readonly parent: number;
  readonly ticks: number;
  /** Of children that have ended. */
  readonly endedTicks: number;
}

/** User and system time of a process so far, in microseconds, with that of its children where wanted. Linux only. */
export function cpuTimeUs(pid: number, withChildren = false): number {
  const own = statOf(pid);
  const children = withChildren
    ? readdirSync('/proc')
        .filter((name) => /^[0-9]+$/.test(name))
        .map((name) => statOf(Number(name)))
        .filter((stat) => stat?.parent === pid)
        .reduce((sum, stat) => sum + (stat?.ticks ?? 0), own?.endedTicks ?? 0)
    : 0;
  return (((own?.ticks ?? 0) + children) * 1_000_000) / TICKS_PER_SECOND;
}

/** Resident memory of a process, in megabytes. */
export function residentMb(pid: number): number {
  const line = /^VmRSS:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(line) / 1024);
}

/** Fields of proc(5) after the command's name, which may hold blanks: 4 is the parent, 14 to 17 the times. */
function statOf(pid: number): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const sum = (at: number): number => Number(fields[at]) + Number(fields[at + 1]);
    return { parent: Number(fields[1]), ticks: sum(11), endedTicks: sum(13) };
  } catch {
    return null;
  }
}
