import type { StoredRevocation } from '#core';
import { isoTime } from '../calls/iso-time.ts';

export function renderRevocation({ issuer, subject, deadUntil, changedAt }: StoredRevocation): object {
  return {
    issuer,
    ...(subject === null ? {} : { subject }),
    blocked: deadUntil === null,
    ...(deadUntil === null ? {} : { dead_until: isoTime(deadUntil) }),
    changed_at: isoTime(changedAt),
  };
}
