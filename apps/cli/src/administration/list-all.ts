import type { Answer } from '../answer.ts';
import type { AdminClient } from './admin-client.ts';

const PAGE = 200;

/** The items of a list, page by page, until it ends or there are `atMost`. */
export async function listAll(
  admin: Pick<AdminClient, 'get'>,
  { path, query = {} }: { path: string; query?: Readonly<Record<string, string | undefined>> },
  atMost = Number.POSITIVE_INFINITY,
): Promise<readonly Answer[]> {
  const items: Answer[] = [];
  let cursor: string | undefined;
  do {
    const limit = String(Math.min(PAGE, atMost - items.length));
    const { body } = await admin.get(path, { ...query, limit, cursor });
    items.push(...body.list('items'));
    cursor = body.text('next') || undefined;
  } while (cursor !== undefined && items.length < atMost);
  return items;
}
