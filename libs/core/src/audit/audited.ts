import { HeldBack, OAuthError, Unavailable } from '../errors/oauth-error.ts';
import type { Clock } from '../shared/clock.ts';
import type { AuditEvent } from './audit-event.ts';
import type { Journal } from './journal.ts';
import { Trail } from './trail.ts';

export interface AuditPorts {
  readonly clock: Clock;
  readonly journal: Journal;
}

/**
 * Runs a pipeline so that nothing leaves it unrecorded: whatever is thrown before the pipeline has written its event
 * is written as a refusal, with the claims that were seen until then, and only then thrown on. The one exception is
 * `HeldBack`: nothing was looked at.
 *
 * Fails  the refusal, with the id under which the audit log knows it; Unavailable when it cannot be written
 */
export async function audited<Result>(
  ports: AuditPorts,
  type: AuditEvent['type'],
  pipeline: (trail: Trail) => Promise<Result>,
): Promise<Result> {
  const trail = new Trail(type, ports.clock.now());
  try {
    return await pipeline(trail);
  } catch (thrown) {
    if (trail.isClosed || thrown instanceof HeldBack) throw thrown;
    throw await recordRefusal(ports, trail, thrown);
  }
}

/** Records a request that was refused before its pipeline began. */
export function auditRefusal(
  ports: AuditPorts,
  type: AuditEvent['type'],
  thrown: unknown,
): Promise<OAuthError> {
  return recordRefusal(ports, new Trail(type, ports.clock.now()), thrown);
}

async function recordRefusal({ journal }: AuditPorts, trail: Trail, thrown: unknown): Promise<OAuthError> {
  const refusal =
    thrown instanceof OAuthError ? thrown : new OAuthError('broker.fault', null, { cause: thrown });
  trail.close();
  try {
    const { reused } = await journal.record({
      claims: trail.claims,
      describe: ({ reused: used }) => trail.event('refused', used?.onReuse ?? refusal.reason, refusal.detail),
    });
    return reused === null
      ? refusal.withReasonId(trail.reasonId)
      : new OAuthError(reused.onReuse).withReasonId(trail.reasonId);
  } catch (failed) {
    return new Unavailable('the audit log did not take the refusal', failed);
  }
}
