import type { Reason } from '../audit/audit-event.ts';
import { ADMIN_PROBLEMS, type AdminReason } from './admin-problems.ts';
import { INACTIVITIES, type InactiveReason } from './inactivities.ts';
import { REFUSALS, type RefusalRow } from './refusals.ts';

/** What a reason means, in words for the reader of the audit log. Never on the wire. */
export function meaningOf(reason: Reason): string {
  if (isInactivity(reason)) return INACTIVITIES[reason];
  if (isAdminReason(reason)) return ADMIN_PROBLEMS[reason].means;
  const row: RefusalRow = REFUSALS[reason];
  return row.means;
}

function isInactivity(reason: Reason): reason is InactiveReason {
  return Object.hasOwn(INACTIVITIES, reason);
}

function isAdminReason(reason: Reason): reason is AdminReason {
  return Object.hasOwn(ADMIN_PROBLEMS, reason);
}
