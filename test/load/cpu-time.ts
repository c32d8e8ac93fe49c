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
    ? childrenOf(pid).reduce((sum, child) => sum + (statOf(child)?.ticks ?? 0), own?.endedTicks ?? 0)
    : 0;
  return (((own?.ticks ?? 0) + children) * 1_000_000) / TICKS_PER_SECOND;
}

/** Process ids of the children that a process has now. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number)
    .filter((one) => statOf(one)?.parent === pid);
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
