import { Trail, type AdminCaller, type AdminReason, type AuditEvent } from '#core';

/** What was asked for, and by whom. */
export interface RefusedAct {
  readonly caller: AdminCaller;
  readonly target: string;
  readonly reason: AdminReason;
  readonly detail: string | null;
}

/** The event of an act that was refused although its token was good. */
export function refusedAct({ caller, target, reason, detail }: RefusedAct): AuditEvent {
  const { issuer, subject, clientId, txn, ip, question } = caller;
  const trail = new Trail('admin.act', Date.now());
  trail.belongsTo(txn);
  trail.saw({
    callerId: clientId,
    subject: { issuer, subject },
    ip,
    operationId: question.action,
    act: { operation: question.action, target, before: null, after: null },
  });
  return trail.event('refused', reason, detail);
}
