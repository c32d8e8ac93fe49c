import { postureOf, type AuditEvent, type Obligations, type PolicyRequest } from '#core';

/** An event as answers have it. Members that do not belong to its type are left out. */
export function renderEvent(event: AuditEvent): object {
  const { id, at, type, outcome, reason, reasonId, txn, detail } = event;
  return {
    id,
    at: new Date(at).toISOString(),
    type,
    outcome,
    reason,
    reason_id: reasonId,
    txn,
    detail,
    ...present({
      caller_id: event.callerId,
      caller_method: event.callerMethod,
      workload: event.workload,
      subject: event.subject,
      actor: event.actor,
      device_key: event.deviceKey,
      ip: event.ip,
      resource: event.resource,
      operation: event.operation,
      operation_id: event.operationId,
      token_id: event.tokenId,
      release: event.release,
      policies: event.policies,
      obligations: event.obligations === undefined ? undefined : renderObligations(event.obligations),
      question: event.question === undefined ? undefined : renderQuestion(event.question),
      approval: event.approval,
      act: event.act,
      cut_off: event.cutOff,
    }),
  };
}

function renderObligations({
  ttlSeconds,
  uses,
  digestRequired,
  acrValues,
  maxAuthAgeSeconds,
  proofRequired,
  exactTarget,
  approvers,
}: Obligations): object {
  return present({
    ttl: ttlSeconds,
    uses,
    digest: digestRequired === true ? 'required' : undefined,
    acr: acrValues?.join(' '),
    max_auth_age: maxAuthAgeSeconds,
    proof: proofRequired === true ? 'dpop' : undefined,
    target: exactTarget === true ? 'exact' : undefined,
    approval: approvers,
  });
}

/** What the policies were asked, in the words that they ask with. */
function renderQuestion({ principal, action, resource, context }: PolicyRequest): object {
  const { operation, device, network, auth, client, actor, transaction, time, claimed, approvedBy } = context;
  return {
    principal,
    action,
    resource,
    operation: {
      method: operation.method,
      target_uri: operation.targetUri,
      path: operation.path,
      params: operation.parameters,
      has_digest: operation.hasDigest,
      content_type: operation.contentType,
      ...(operation.isTemplate ? { by_scope: true } : {}),
    },
    device: { key: device.keyThumbprint, ...renderDevice(device) },
    network,
    auth: { acr: auth.acr, amr: auth.amr, auth_time: auth.authTime },
    client,
    ...(actor ? { actor: { iss: actor.issuer, sub: actor.subject, depth: actor.depth } } : {}),
    ...(transaction === undefined ? {} : { transaction }),
    time,
    claimed,
    ...(approvedBy === undefined ? {} : { approved_by: approvedBy }),
  };
}

function renderDevice(device: PolicyRequest['context']['device']): object {
  const { registered } = device;
  const posture = postureOf(device);
  return present({
    known: registered === undefined ? undefined : true,
    owner_matches: registered?.ownerMatches,
    platform: registered?.platform,
    compliant: posture?.compliant ?? undefined,
    facts: posture?.facts,
    attested_by: posture?.attestedBy,
    posture_learnt_at: posture?.learntAt,
  });
}

function present(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
