import type { PoolClient } from 'pg';

/**
 * Sends the statements that `ask` makes at once in one packet, which saves system calls on both ends, and waits for
 * all of them. Then it fails as the first in the list that failed: nobody goes on while a statement is still under way
 * on the connection.
 */
export async function together<Works extends readonly unknown[]>(
  { connection: { stream } }: PoolClient,
  ask: () => readonly [...Works],
): Promise<{ -readonly [At in keyof Works]: Awaited<Works[At]> }> {
  stream.cork();
  let works: readonly [...Works];
  try {
    works = ask();
  } finally {
    stream.uncork();
  }
  await Promise.allSettled(works);
  return Promise.all(works);
}
