import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ServerUser } from './server-user.ts';

/** Whether `user` may pass through `folder` and everything above it. Null stands for the user of this process. */
export function isReachable(folder: string, user: ServerUser | null): boolean {
  if (user === null) return true;
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const mayEnter = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & mayEnter) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
