import type { AuditFacts } from '../audit/audit-event.ts';
import type { Grant } from '../token/grant.ts';

/** What the audit log keeps of a grant that was presented. */
export function factsOf(grant: Grant): AuditFacts {
  return {
    subject: { issuer: grant.sub_iss, subject: grant.sub },
    ...(grant.act === undefined ? {} : { actor: grant.act }),
    deviceKey: grant.cnf !== undefined && 'jkt' in grant.cnf ? grant.cnf.jkt : null,
    resource: grant.aud,
    operation: grant.authorization_details[0],
    operationId: grant.scope,
    tokenId: grant.jti,
    release: grant.release,
    policies: grant.policies,
  };
}
