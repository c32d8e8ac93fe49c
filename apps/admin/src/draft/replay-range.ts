import { AdminProblem, startReplay, type AdminStore, type EpochMs, type LiveRelease } from '#core';
import { readTime } from '../audit-log/read-time.ts';
import { renderReplay } from './render-reports.ts';

export interface TimeRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

const MAX_RANGE_MS = 366 * 86_400_000;

/** `under`: pointer to where the range stands in the body. Fails  AdminProblem admin.invalid */
export function readRange({ from, to }: { from: string; to: string }, under = '#'): TimeRange {
  const times = { from: readTime(from), to: readTime(to) };
  const faults = (['from', 'to'] as const).filter((name) => times[name] === null);
  if (times.from === null || times.to === null) {
    const detail = 'must be a time like 2026-01-31T09:30:00Z';
    throw new AdminProblem(
      'admin.invalid',
      faults.map((name) => ({ detail, pointer: `${under}/${name}` })),
    );
  }
  const length = times.to - times.from;
  if (length <= 0 || length > MAX_RANGE_MS) {
    const detail = 'must be later than from, by at most 366 days';
    throw new AdminProblem('admin.invalid', [{ detail, pointer: `${under}/to` }]);
  }
  return { from: times.from, to: times.to };
}

/** Decides what was recorded in a range again, page by page, so that other calls get their turn. */
export async function replayRange(
  store: AdminStore,
  release: LiveRelease,
  range: TimeRange & { atMost: number },
): Promise<object> {
  const { total, sampled } = await store.decisions(range);
  const replay = startReplay(release);
  for await (const page of sampled) {
    for (const decision of page) replay.add(decision);
  }
  return renderReplay(replay.report(), total);
}
