import type { AdminStore, AuditFilter } from '#core';
import { renderEvent } from './render-event.ts';

/** What one export holds at most, and reads at a time. */
const EXPORT_LIMITS = { lines: 100_000, page: 200 };

/**
 * The events that match as JSON lines, the newest first, one page in memory at a time. What is beyond the limit is
 * left out, and a last line says where to go on.
 */
export async function* exportLines(
  store: Pick<AdminStore, 'audit'>,
  filter: AuditFilter,
  limits = EXPORT_LIMITS,
): AsyncGenerator<string> {
  let written = 0;
  let before: string | null = null;
  do {
    const page = await store.audit(filter, { limit: limits.page, before });
    for (const event of page.items) {
      if (written === limits.lines) {
        yield `${JSON.stringify({ truncated_after: written, to: new Date(event.at + 1).toISOString() })}\n`;
        return;
      }
      written++;
      yield `${JSON.stringify(renderEvent(event))}\n`;
    }
    before = page.next;
  } while (before !== null);
}
