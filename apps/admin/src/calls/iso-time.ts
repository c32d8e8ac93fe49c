import type { EpochMs } from '#core';

/** A moment as answers write it. Spec  RFC 3339 §5.6 */
export function isoTime(at: EpochMs): string {
  return new Date(at).toISOString();
}
