import { byAssertion, byCallerToken } from '../caller-authentication.ts';
import { forSelfApi, prepareExchanges, prepareIntrospections, withProof } from '../prepare.ts';
import { ACTIVE, TOKEN } from '../world.ts';
import { requestLoad, volleyOf, type Load, type Sides } from './load.ts';

/** `POST /token`: client assertion, ID token and proof are verified, the policy is asked, a token is sealed. */
export function exchangeLoad(sides: Sides): Load {
  const { caller } = sides.world;
  return requestLoad('exchange', 0.6, async (count) => {
    await caller.learnNonce({ again: true });
    return volleyOf(sides, prepareExchanges(caller, count), { broker: TOKEN, floor: TOKEN });
  });
}

/** `POST /introspect` of an API that hands the proof on: method, URI, body and key are checked by the broker. */
export function forwardedProofLoad(sides: Sides): Load {
  const { world } = sides;
  const authenticate = byAssertion(world.caller, 'orders-api', world.deployment.keys.server);
  return requestLoad('introspect, proof forwarded', 0.7, async (count) => {
    const tokens = await world.tokens(count);
    const requests = prepareIntrospections(tokens, authenticate, withProof(world.caller));
    return volleyOf(sides, requests, { broker: ACTIVE, floor: ACTIVE });
  });
}

/** The same of an API that shows a caller token in place of a signature. Its registration has to permit that. */
export function callerTokenLoad(sides: Sides): Load {
  const { world } = sides;
  return requestLoad('introspect, proof forwarded, caller token', null, async (count) => {
    const tokens = await world.tokens(count);
    const authenticate = byCallerToken(await world.caller.callerToken());
    const requests = prepareIntrospections(tokens, authenticate, withProof(world.caller));
    return volleyOf(sides, requests, { broker: ACTIVE, floor: ACTIVE });
  });
}

/** `POST /introspect` of an API that checks proofs itself. */
export function noProofLoad(sides: Sides): Load {
  const { world } = sides;
  const authenticate = byAssertion(world.caller, 'self-api', world.deployment.keys.selfServer);
  return requestLoad('introspect, no proof', 0.6, async (count) => {
    const tokens = await world.tokens(count, forSelfApi(world.caller));
    const requests = prepareIntrospections(tokens, authenticate);
    return volleyOf(sides, requests, { broker: ACTIVE, floor: ACTIVE });
  });
}
