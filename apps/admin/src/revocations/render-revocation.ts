import type { StoredRevocation } from '#core';

export function renderRevocation({ issuer, subject, deadUntil, changedAt }: StoredRevocation): object {
  return {
    issuer,
    ...(subject === null ? {} : { subject }),
    blocked: deadUntil === null,
    ...(deadUntil === null ? {} : { dead_until: new Date(deadUntil).toISOString() }),
    changed_at: new Date(changedAt).toISOString(),
  };
}
