import type { AuditFacts } from '../audit/audit-event.ts';
import type { ExchangeRequest } from '../exchange/exchange-request.ts';
import type { StoredDeferral } from './deferral.ts';

/** What the audit log says of a deferral, in each event about it. */
export function factsOf({ id, approvers: groups, request }: StoredDeferral): AuditFacts {
  const { subject, actor, operation, operationId } = request;
  return {
    subject: { issuer: subject.issuer, subject: subject.subject },
    ...(actor.act === null ? {} : { actor: actor.act }),
    resource: operation.locations[0],
    operation,
    operationId,
    approval: { id, groups },
  };
}

/** The operation as a client would ask for it, to be resolved by what is registered now. */
export function operationOf({
  request: { operation, operationId },
}: StoredDeferral): Pick<ExchangeRequest, 'resources' | 'operation' | 'scope'> {
  const [location] = operation.locations;
  if (operation.path_template !== undefined) {
    return { resources: [location], operation: null, scope: operationId };
  }
  return {
    resources: [location],
    scope: null,
    operation: {
      location,
      method: operation.actions[0],
      targetUri: operation.target_uri,
      contentDigest: operation.content_digest ?? null,
      contentType: operation.content_type ?? null,
    },
  };
}
