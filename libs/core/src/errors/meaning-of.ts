import type { Reason } from '../audit/audit-event.ts';
import { INACTIVITIES, type InactiveReason } from './inactivities.ts';
import { REFUSALS, type RefusalRow } from './refusals.ts';

/** What a reason means, in words for the reader of the audit log. Never on the wire. */
export function meaningOf(reason: Reason): string {
  if (isInactivity(reason)) return INACTIVITIES[reason];
  const row: RefusalRow = REFUSALS[reason];
  return row.means;
}

function isInactivity(reason: Reason): reason is InactiveReason {
  return Object.hasOwn(INACTIVITIES, reason);
}
