import { readFileSync } from 'node:fs';
import { childrenOf } from './cpu-time.ts';

/** Resident memory of a process, in megabytes. Linux only, like everything here. */
export function residentMb(pid: number): number {
  return kilobytes(`/proc/${pid}/status`, 'VmRSS') / 1024;
}

/** The most that it ever was. */
export function peakResidentMb(pid: number): number {
  return kilobytes(`/proc/${pid}/status`, 'VmHWM') / 1024;
}

/** Of a server and all its backends, where what they share counts once (proportional set size). */
export function databaseMb(pid: number): number {
  const kb = [pid, ...childrenOf(pid)].reduce(
    (sum, one) => sum + kilobytes(`/proc/${one}/smaps_rollup`, 'Pss'),
    0,
  );
  return kb / 1024;
}

/** 0 where the process has ended, or may not be looked at. */
function kilobytes(file: string, name: string): number {
  try {
    const line = new RegExp(`^${name}:\\s+([0-9]+) kB$`, 'm').exec(readFileSync(file, 'utf8'));
    return Number(line?.[1] ?? 0);
  } catch {
    return 0;
  }
}
