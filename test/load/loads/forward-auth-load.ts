import { API } from '../../support/deployment/deployment.ts';
import { READ_PATH, readProof } from '../../support/gateway-call.ts';
import { requestLoad, volleyOf, type Load, type Sides } from './load.ts';

const PASSED = { status: 200, body: '' } as const;

/** `GET /forward-auth/<id>` as nginx asks it: the caller's token and proof, and no credentials of the gateway's own. */
export function forwardAuthLoad(sides: Sides): Load {
  const { world } = sides;
  const authorization_details = world.caller.details({
    actions: ['GET'],
    target_uri: `${API}/orders/42`,
    content_digest: undefined,
  });
  return requestLoad('forward-auth', null, async (count) => {
    const tokens = await world.tokens(count, { authorization_details });
    const requests = tokens.map((token) => ({
      method: 'GET' as const,
      path: '/forward-auth/orders',
      headers: {
        authorization: `DPoP ${token}`,
        dpop: readProof(world.caller, token),
        'x-original-method': 'GET',
        'x-original-uri': READ_PATH,
      },
      body: '',
    }));
    return volleyOf(sides, requests, { broker: PASSED, floor: PASSED });
  });
}
