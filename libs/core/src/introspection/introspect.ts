import { audited } from '../audit/audited.ts';
import type { AuditFacts } from '../audit/audit-event.ts';
import type { Trail } from '../audit/trail.ts';
import type { Grant } from '../token/grant.ts';
import { isInactive, type Inactive } from './inactive.ts';
import type { IntrospectionPorts } from './introspection.ports.ts';
import type { IntrospectionRequest } from './introspection-request.ts';
import { answer, type ActiveBody } from './steps/answer.ts';
import { authenticateResourceServer } from './steps/authenticate-resource-server.ts';
import { checkBinding } from './steps/check-binding.ts';
import { openToken } from './steps/open-token.ts';
import { settleInactive } from './steps/settle-inactive.ts';
import { spend } from './steps/spend.ts';

/** An inactive answer's body is always the same; `reasonId` goes into a header and means something to the auditor only. */
export type IntrospectionAnswer = (
  { readonly active: true; readonly body: ActiveBody } | { readonly active: false; readonly reasonId: string }
) & {
  /** Client id of who asked. */
  readonly callerId: string;
};

export type Introspect = (request: IntrospectionRequest) => Promise<IntrospectionAnswer>;

/**
 * Says whether a token is good, once: saying so spends it.
 *
 * Fails  OAuthError `client.*` (401) or `idempotency.conflict` (422); Unavailable when something did not answer
 */
export function introspect(ports: IntrospectionPorts): Introspect {
  return (request) =>
    audited(ports, 'token.introspect', async (trail): Promise<IntrospectionAnswer> => {
      const caller = authenticateResourceServer(ports, request.credentials);
      trail.saw({ callerId: caller.clientId }, caller.claim);

      const opened = await openToken(ports, request.token, caller);
      if (isInactive(opened)) return refuse(ports, { ...opened, ...caller, grant: null }, trail);
      const { grant } = opened;
      trail.saw(factsOf(grant));
      trail.belongsTo(grant.txn);

      const bound = checkBinding(ports, request, opened);
      if (isInactive(bound)) return refuse(ports, { ...bound, ...caller, grant }, trail);

      // Of a path template it is the URI that was called which has to be on record.
      trail.saw({ operation: { ...grant.authorization_details[0], target_uri: bound.targetUri } });

      const spent = await spend(ports, request, { ...bound, trail });
      const callerId = caller.clientId;
      if (isInactive(spent)) return { active: false, callerId, reasonId: trail.reasonId };
      const told = { profile: opened.server.introspection, now: ports.clock.now() };
      return { active: true, callerId, body: answer(spent, told) };
    });
}

async function refuse(
  ports: IntrospectionPorts,
  found: Inactive & { grant: Grant | null; clientId: string },
  trail: Trail,
): Promise<IntrospectionAnswer> {
  await settleInactive(ports, found, trail);
  return { active: false, callerId: found.clientId, reasonId: trail.reasonId };
}

function factsOf(grant: Grant): AuditFacts {
  return {
    subject: { issuer: grant.sub_iss, subject: grant.sub },
    ...(grant.act === undefined ? {} : { actor: grant.act }),
    deviceKey: grant.cnf?.jkt ?? null,
    resource: grant.aud,
    operation: grant.authorization_details[0],
    tokenId: grant.jti,
    release: grant.release,
    policies: grant.policies,
  };
}
