import { OAuthError } from '#core';
import type { KeyRing } from '#crypto';
import { readinessOf, type Readiness } from '#http';
import type { PostgresLedger, PostgresTrustSource } from '#postgres';

export interface ReadinessSources {
  readonly trust: Pick<PostgresTrustSource, 'status' | 'clockSkewMs'>;
  readonly ring: Pick<KeyRing, 'status'>;
  readonly ledger: Pick<PostgresLedger, 'current'>;
}

/** A database that did not answer for this long is taken to be away. It is asked twice a second. */
export const DATABASE_SILENCE_MS = 1_500;

/** A clock that is further off than this makes tokens live shorter or longer than was decided. */
export const MAX_CLOCK_SKEW_MS = 5_000;

/** What is ready and what is not, in words that tell a stranger nothing. */
export function readinessOfEngine({ trust, ring, ledger }: ReadinessSources): Readiness {
  const { connected, confirmedMsAgo, release, problem } = trust.status();
  const isAway = !connected || confirmedMsAgo === null || confirmedMsAgo > DATABASE_SILENCE_MS;
  return readinessOf({
    database: isAway ? 'unreachable' : 'ok',
    ledger: answers(() => ledger.current()) ? 'ok' : 'not_open',
    key_ring: ring.status().isReady ? 'ok' : 'not_confirmed',
    release: releaseState(release, problem),
    clock: clockState(trust),
  });
}

function releaseState(release: number | null, problem: string | null): string {
  if (release === null) return 'none_published';
  return problem === null ? 'ok' : 'not_usable';
}

function clockState(trust: ReadinessSources['trust']): string {
  let skewMs: number | null = null;
  if (!answers(() => (skewMs = trust.clockSkewMs()))) return 'unknown';
  return skewMs !== null && Math.abs(skewMs) < MAX_CLOCK_SKEW_MS ? 'ok' : 'skewed';
}

/** Does it answer, or say that it is unavailable? */
function answers(ask: () => unknown): boolean {
  try {
    ask();
    return true;
  } catch (error) {
    if (error instanceof OAuthError) return false;
    throw error;
  }
}
