import type { RotationPolicy } from '#core';

const HOUR_MS = 3_600_000;

/**
 * A new key each day. It is published for an hour first, so that whoever caches our key set for its five minutes knows
 * it; and kept for an hour after, longer than the longest-lived thing that it made.
 */
export const ROTATION: RotationPolicy = {
  activeForMs: 24 * HOUR_MS,
  publishedForMs: HOUR_MS,
  keptForMs: HOUR_MS,
};
