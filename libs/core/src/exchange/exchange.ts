import { audited } from '../audit/audited.ts';
import { draftDeferral } from '../deferral/steps/draft-deferral.ts';
import { recordDeferral } from '../deferral/steps/record-deferral.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import { clientOn } from './client-on.ts';
import { deviceOn } from './device-on.ts';
import type { ExchangePorts } from './exchange.ports.ts';
import type { ExchangeRequest } from './exchange-request.ts';
import { rememberOn } from './remember-on.ts';
import { collectContext } from './steps/collect-context.ts';
import { decide } from './steps/decide.ts';
import { draftGrant } from './steps/draft-grant.ts';
import { mint, type IssuedToken } from './steps/mint.ts';
import { recognizeDevice } from './steps/recognize-device.ts';
import { recordPermit } from './steps/record-permit.ts';
import { resolveOperation } from './steps/resolve-operation.ts';
import { verifyActor } from './steps/verify-actor.ts';
import { verifySubject } from './steps/verify-subject.ts';

/** Who has approved a request that was just made. */
const NOBODY: readonly string[] = [];

export type Exchange = (request: ExchangeRequest) => Promise<IssuedToken>;

/**
 * Trades proof of who, with which device, in which circumstances, for the permission to do one thing once.
 *
 * Fails  OAuthError `approval.pending` with what to ask again with, where an approval is wanted and the client can
 *        wait; OAuthError with the reason that is on record; Unavailable when something did not answer
 */
export function exchange(ports: ExchangePorts): Exchange {
  return (request) =>
    audited(ports, 'token.exchange', async (trail) => {
      const client = await clientOn(trail, ports, request);
      const subject = await verifySubject(ports, request, client);
      trail.saw({ subject: { issuer: subject.issuer, subject: subject.subject } });

      const actor = await verifyActor(ports, request, { client, subject });
      if (actor.act !== null) trail.saw({ actor: actor.act });

      const device = deviceOn(trail, ports, { request, client, subject, actor });
      const recognized = await recognizeDevice(ports, device, client);
      const context = collectContext(ports, request);
      const resolved = resolveOperation(ports, request, { client, subject, device });
      trail.saw({
        resource: resolved.server.resource,
        operation: resolved.operation,
        operationId: resolved.matched.operation.id,
      });

      const remember = rememberOn(trail, ports);
      const decided = decide(ports, resolved, {
        client,
        subject,
        actor,
        device,
        recognized,
        context,
        approvedBy: NOBODY,
        remember,
      });
      if ('awaits' in decided && !request.canWait) throw new OAuthError('policy.approval_required');
      // An identity assertion is used up by a token, and not by a proof that lacked its nonce.
      trail.saw({ obligations: decided.obligations }, subject.claim);

      const parties = { client, subject, actor, device, recognized };
      if ('awaits' in decided) {
        const waiting = { context, awaited: decided, trail, ...parties };
        const deferral = draftDeferral(ports, resolved, waiting);
        throw await recordDeferral(ports, { drafted: deferral, device }, trail);
      }
      const drafted = draftGrant(ports, resolved, { permit: decided, ...parties });
      const recorded = await recordPermit(ports, drafted, trail);
      return mint(ports, recorded, device);
    });
}
