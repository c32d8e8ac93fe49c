import { byAssertion } from '../caller-authentication.ts';
import { prepareExchange, prepareIntrospections, withProof } from '../prepare.ts';
import type { Shot } from '../send.ts';
import { signedIn } from '../signed-in.ts';
import { ACTIVE, TOKEN, tokenIn, type World } from '../world.ts';

/**
 * An exchange and the spend of its token. Both are signed when they are due, so that nothing is too old however long
 * the run is and however slow the machine; the load generator's own work is in the latency.
 */
export function pairOf({ caller, deployment, broker }: World): Shot {
  const idToken = signedIn(deployment);
  const authenticate = byAssertion(caller, 'orders-api', deployment.keys.server);
  return async () => {
    const exchange = prepareExchange(caller, { subject_token: idToken() });
    const token = tokenIn(await broker.shot(exchange, TOKEN)());
    const spends = prepareIntrospections([token], authenticate, withProof(caller));
    return (await Promise.all(spends.map((one) => broker.shot(one, ACTIVE)()))).join('');
  };
}
