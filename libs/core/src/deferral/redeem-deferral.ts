import { audited } from '../audit/audited.ts';
import type { Trail } from '../audit/trail.ts';
import { rememberOn } from '../exchange/remember-on.ts';
import { clientOn } from '../exchange/client-on.ts';
import { deviceOn } from '../exchange/device-on.ts';
import type { AuthenticatedClient } from '../exchange/steps/authenticate-client.ts';
import { collectContext } from '../exchange/steps/collect-context.ts';
import { decide } from '../exchange/steps/decide.ts';
import { draftGrant, type DraftedGrant } from '../exchange/steps/draft-grant.ts';
import { mint, type IssuedToken } from '../exchange/steps/mint.ts';
import { recognizeDevice } from '../exchange/steps/recognize-device.ts';
import { resolveOperation } from '../exchange/steps/resolve-operation.ts';
import type { VerifiedDevice } from '../exchange/steps/verify-device.ts';
import type { DeferralPorts } from './deferral.ports.ts';
import type { DeferredTokenRequest } from './deferred-token-request.ts';
import { factsOf, operationOf } from './told-by-deferral.ts';
import { checkSameKey } from './steps/check-same-key.ts';
import { demandApproved } from './steps/demand-approved.ts';
import { demandSameOperation } from './steps/demand-same-operation.ts';
import { findDeferral, type FoundDeferral } from './steps/find-deferral.ts';
import { recordPoll } from './steps/record-poll.ts';
import { recordRedemption } from './steps/record-redemption.ts';
import { recordStale } from './steps/record-stale.ts';
import { restoreParties, type RestoredParties } from './steps/restore-parties.ts';

export type RedeemDeferral = (request: DeferredTokenRequest) => Promise<IssuedToken>;

/**
 * Answers a client that waits for an approval. Once there is one, the policies are asked again, with what was proved
 * then and what is known now, and the token that comes of it is given out once.
 *
 * Fails  OAuthError `approval.*`, or whatever is wrong with client and proof, with the reason that is on record;
 *        Unavailable
 * Spec   draft-ietf-oauth-deferred-token-response, Polling; docs/protocol.md, waiting for an approval
 */
export function redeemDeferral(ports: DeferralPorts): RedeemDeferral {
  return (request) =>
    audited(ports, 'token.exchange', async (trail) => {
      const client = await clientOn(trail, ports, request);
      const found = await findDeferral(ports, request.deferralCode, client);
      trail.saw(factsOf(found.deferral));

      const parties = restoreParties(found);
      const device = deviceOn(trail, ports, { request, client, ...parties });
      checkSameKey(found, { client, device });
      if (found.deferral.state !== 'approved') throw await recordPoll(ports, { found, device }, trail);

      let drafted: DraftedGrant;
      try {
        drafted = await decideAgain(ports, found, { request, client, device, parties, trail });
      } catch (thrown) {
        throw await recordStale(ports, { found, thrown }, trail);
      }
      const recorded = await recordRedemption(ports, { found, drafted }, trail);
      return mint(ports, recorded, device);
    });
}

interface Again {
  readonly request: DeferredTokenRequest;
  readonly client: AuthenticatedClient;
  readonly device: VerifiedDevice;
  readonly parties: RestoredParties;
  readonly trail: Trail;
}

/** Where the client is now, and what is registered, in force and permitted now; the rest as it was. */
async function decideAgain(
  ports: DeferralPorts,
  found: FoundDeferral,
  { request: { observed }, client, device, parties, trail }: Again,
): Promise<DraftedGrant> {
  const { deferral } = found;
  const { subject, actor } = parties;
  const recognized = await recognizeDevice(ports, device, client);
  const context = collectContext(ports, { claimed: deferral.request.claimed, observed });
  const resolved = resolveOperation(ports, operationOf(deferral), { client, subject, device });
  demandSameOperation(found, resolved);
  const proved = { client, subject, actor, device, recognized };
  const decided = decide(ports, resolved, {
    ...proved,
    context,
    approvedBy: deferral.approvers,
    remember: rememberOn(trail, ports),
  });
  trail.saw({ obligations: decided.obligations });
  return draftGrant(ports, resolved, { permit: demandApproved(decided), ...proved });
}
