/**
 * Waits for all of them, then fails as the first in the list that failed: nobody goes on while a statement is still
 * under way on the connection.
 */
export async function together<Works extends readonly unknown[]>(
  ...works: Works
): Promise<{ -readonly [At in keyof Works]: Awaited<Works[At]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
