import { execFileSync } from 'node:child_process';

/**
 * Stops a process and its children where they stand: sockets stay open and nobody is told, as when a machine hangs.
 * Returns what lets them go on.
 */
export function freezeProcess(pid: number): () => void {
  const frozen = [pid, ...childrenOf(pid)];
  for (const one of frozen) process.kill(one, 'SIGSTOP');
  return () => {
    for (const one of frozen.toReversed()) {
      try {
        process.kill(one, 'SIGCONT');
      } catch {
        // It is gone, which is as good.
      }
    }
  };
}

function childrenOf(parent: number): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=', '-o', 'ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : []));
}
