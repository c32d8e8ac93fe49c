import type { Approval } from '#client';
import type { Terminal } from '../terminal.ts';

/** Says that somebody has to approve, what they will ask for, and until when the command waits. */
export function tellWaiting({ remark }: Terminal): (approval: Approval) => void {
  return ({ code, expiresAt, operation }) => {
    const named = code === null ? '' : `, code ${code}`;
    remark(`waiting for approval${named}: ${operation.method} ${operation.url}`);
    remark(`until ${expiresAt.toISOString()}; Ctrl-C ends the wait`);
  };
}
