import { audited } from '../audit/audited.ts';
import type { Trail } from '../audit/trail.ts';
import { factsOf } from '../introspection/facts-of.ts';
import { isInactive, type Inactive } from '../introspection/inactive.ts';
import type { IntrospectionPorts } from '../introspection/introspection.ports.ts';
import { operationAt } from '../introspection/operation-at.ts';
import { checkBinding, type MustTell } from '../introspection/steps/check-binding.ts';
import { openToken } from '../introspection/steps/open-token.ts';
import { settleInactive } from '../introspection/steps/settle-inactive.ts';
import { spend } from '../introspection/steps/spend.ts';
import { sourceOf } from '../quota/source-of.ts';
import type { ForwardAuthProfile } from '../registry/forward-auth-profile.ts';
import type { Grant } from '../token/grant.ts';
import { challenge } from './challenge.ts';
import type { ForwardAuthRequest } from './forward-auth-request.ts';
import { identityHeaders } from './identity-headers.ts';
import { readPresentedToken } from './read-presented-token.ts';
import { readOriginal } from './steps/read-original.ts';
import { recogniseGateway, type RecognisedGateway } from './steps/recognise-gateway.ts';

/** `headers` go to the API behind the gateway; `challenge` and the id go to its caller. */
export type ForwardAuthAnswer =
  | { readonly permitted: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly permitted: false; readonly challenge: string; readonly reasonId: string };

export type ForwardAuth = (request: ForwardAuthRequest) => Promise<ForwardAuthAnswer>;

/**
 * Says to the gateway of a resource server whether a request may pass, once: saying so spends its token. The same
 * steps as an introspection, on behalf of an API that asks nothing itself.
 *
 * Fails  OAuthError `gateway.*` (403), `quota.exceeded`, `idempotency.conflict`; HeldBack; Unavailable when something did not answer
 */
export function forwardAuth(ports: IntrospectionPorts): ForwardAuth {
  return (request) =>
    audited(ports, 'token.forward_auth', async (trail): Promise<ForwardAuthAnswer> => {
      trail.saw({ ip: request.http.ip });
      const gateway = recogniseGateway(ports, request);
      trail.saw({ callerId: gateway.clientId });
      const source = sourceOf(request.http.ip);
      ports.quotas.holdBack(source, gateway.clientId);
      ports.quotas.charge(source, gateway.server);
      const { requestId, ...original } = readOriginal(request, gateway);

      const presented = readPresentedToken(request.http);
      if (isInactive(presented)) return refuse(ports, { gateway, grant: null, ...presented }, trail);
      const opened = await openToken(ports, presented.token, gateway);
      if (isInactive(opened)) return refuse(ports, { gateway, grant: null, ...opened }, trail);
      const { grant } = opened;
      trail.saw(factsOf(grant));
      trail.belongsTo(grant.txn);

      const told = {
        token: presented.token,
        // The connection that the gateway knows of is not told: tokens that are bound to a certificate do not pass.
        presented: { dpopProof: presented.dpopProof, certificateThumbprint: null, ...original },
        idempotencyKey: requestId,
      };
      const mustTell = mustTellOf(gateway.profile, original.method);
      const bound = checkBinding(ports, told, { mustTell, ...opened });
      if (isInactive(bound)) return refuse(ports, { gateway, grant, ...bound }, trail);
      trail.saw({ operation: operationAt(grant, bound.targetUri) });

      const spent = await spend(ports, told, { trail, ...bound });
      if (isInactive(spent)) return refusal({ gateway, ...spent }, trail);
      return { permitted: true, headers: identityHeaders(spent) };
    });
}

/** Methods whose content means nothing (RFC 9110 §9.3). With any other, a body may be there that the gateway does not see. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS']);

/** Of the rest a gateway tells everything, whatever the API does where it asks itself. */
function mustTellOf({ body }: ForwardAuthProfile, method: string): MustTell {
  if (body === 'api') return { request: true, content: 'never' };
  return { request: true, content: WITHOUT_BODY.has(method) ? 'when_permitted' : 'always' };
}

type Refused = Inactive & { readonly gateway: RecognisedGateway };

async function refuse(
  ports: IntrospectionPorts,
  found: Refused & { grant: Grant | null },
  trail: Trail,
): Promise<ForwardAuthAnswer> {
  await settleInactive(ports, found, trail);
  return refusal(found, trail);
}

function refusal({ inactive, gateway }: Refused, { reasonId }: Trail): ForwardAuthAnswer {
  return { permitted: false, challenge: challenge(inactive, gateway.profile), reasonId };
}
