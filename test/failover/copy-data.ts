import { chownSync, copyFileSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a copy of a running server does without: its WAL is streamed, and its process is another one. */
const LEFT_OUT = /^(?:postmaster\.(?:pid|opts)|pg_wal\/.+|pg_replslot\/.+|pg_stat_tmp\/.+|.*pgsql_tmp.*)$/;

/** Copies a data directory file by file while it is written to. A file that goes meanwhile was not needed. */
export function copyData(from: string, to: string): void {
  copyOwned(from, to, (target) => mkdirSync(target, { mode: 0o700 }));
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (LEFT_OUT.test(name)) continue;
    const source = join(from, name);
    try {
      const isFolder = lstatSync(source).isDirectory();
      copyOwned(source, join(to, name), (target) => {
        if (isFolder) mkdirSync(target, { mode: 0o700 });
        else copyFileSync(source, target);
      });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
}

function copyOwned(source: string, target: string, copy: (target: string) => void): void {
  const { uid, gid } = lstatSync(source);
  copy(target);
  chownSync(target, uid, gid);
}
