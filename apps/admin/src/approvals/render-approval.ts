import { operationHash, type StoredDeferral } from '#core';
import { isoTime } from '../calls/iso-time.ts';

/** All that somebody has to know who decides; nothing that opens anything. */
export function renderApproval(deferral: StoredDeferral): object {
  const { id, state, bindingCode, request, approvers, awaited, approvals, requestedAt, expiresAt } = deferral;
  const { subject, actor, confirmation, device } = request;
  return {
    id,
    state,
    binding_code: bindingCode,
    operation: request.operation,
    operation_id: request.operationId,
    operation_hash: operationHash(request.operation),
    requester: {
      issuer: subject.issuer,
      subject: subject.subject,
      ...(subject.email === null ? {} : { email: subject.email }),
    },
    ...(actor.act === null ? {} : { actor: { issuer: actor.act.iss, subject: actor.act.sub } }),
    client_id: request.clientId,
    device: {
      key: 'jkt' in confirmation ? confirmation.jkt : null,
      ...(device === null ? {} : { id: device }),
    },
    ip: request.ip,
    claimed: request.claimed,
    groups: approvers,
    awaited,
    approvals: approvals.map(({ at, ...approval }) => ({ ...approval, at: isoTime(at) })),
    requested_at: isoTime(requestedAt),
    expires_at: isoTime(expiresAt),
  };
}
