import { audited } from '../audit/audited.ts';
import type { Trail } from '../audit/trail.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import type { Grant } from '../token/grant.ts';
import { factsOf } from './facts-of.ts';
import { isInactive, type Inactive } from './inactive.ts';
import type { IntrospectionPorts } from './introspection.ports.ts';
import type { IntrospectionRequest } from './introspection-request.ts';
import { operationAt } from './operation-at.ts';
import { answer, type ActiveBody } from './steps/answer.ts';
import { authenticateResourceServer } from './steps/authenticate-resource-server.ts';
import { checkBinding } from './steps/check-binding.ts';
import { openToken } from './steps/open-token.ts';
import { peek, type PeekedToken } from './steps/peek.ts';
import { settleInactive } from './steps/settle-inactive.ts';
import { spend } from './steps/spend.ts';

/** An inactive answer's body is always the same; `reasonId` goes into a header and means something to the auditor only. */
export type IntrospectionAnswer = (
  | { readonly active: true; readonly body: ActiveBody }
  | { readonly active: false; readonly reasonId: string; readonly peeked?: PeekedToken }
) & {
  /** Client id of who asked. */
  readonly callerId: string;
};

export type Introspect = (request: IntrospectionRequest) => Promise<IntrospectionAnswer>;

/**
 * Says whether a token is good, once: saying so spends it. Who may peek hears what is known of it, and never that it is
 * good.
 *
 * Fails  OAuthError `client.*` or `bearer.*` (401), `peek.not_allowed` or `idempotency.conflict` (422); Unavailable when something did not answer
 */
export function introspect(ports: IntrospectionPorts): Introspect {
  return (request) =>
    audited(ports, 'token.introspect', async (trail): Promise<IntrospectionAnswer> => {
      const caller = await authenticateResourceServer(ports, request.credentials);
      trail.saw({ callerId: caller.clientId, callerMethod: caller.method }, caller.claim);
      if (caller.workload !== null) {
        const { issuer, subject } = caller.workload;
        trail.saw({ workload: { issuer, subject } });
      }
      if (request.isPeek && caller.server?.introspection.peek !== true)
        throw new OAuthError('peek.not_allowed');

      const opened = await openToken(ports, request.token, caller);
      if (isInactive(opened)) return refuse(ports, { grant: null, ...opened, ...caller }, trail);
      const { grant } = opened;
      trail.saw(factsOf(grant));
      trail.belongsTo(grant.txn);

      if (request.isPeek) {
        const peeked = await peek(ports, opened, trail);
        if (isInactive(peeked)) return refuse(ports, { grant: null, ...peeked, ...caller }, trail);
        return { active: false, callerId: caller.clientId, reasonId: trail.reasonId, peeked };
      }

      const bound = checkBinding(ports, request, opened);
      if (isInactive(bound)) return refuse(ports, { grant, ...bound, ...caller }, trail);

      trail.saw({ operation: operationAt(grant, bound.targetUri) });

      const spent = await spend(ports, request, { trail, ...bound });
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
