import { createOncekeyClient } from '../../../libs/client/src/index.ts';
import { freePort } from '../../support/deployment/free-port.ts';
import type { SigningKey } from '../../support/deployment/signing-key.ts';
import { prepareExchanges } from '../prepare.ts';
import { signedIn } from '../signed-in.ts';
import { repeated, UnexpectedAnswer, type Shot } from '../send.ts';
import { TOKEN, type World } from '../world.ts';
import type { ApiSettings } from './api-settings.ts';
import type { Load, Sides } from './load.ts';

/**
 * The whole way as users of the SDKs go it: the client earns a token and calls, the guard of the API spends it. On the
 * floor the same four signatures are made and verified and the same three requests sent, by hand.
 */
export async function roundTripLoad(sides: Sides): Promise<Load> {
  const { world } = sides;
  const { deployment, tripPort: port } = world;
  const resource = `http://127.0.0.1:${port}/`;
  const ofApi = (key: SigningKey): Pick<ApiSettings, 'kid' | 'jwk' | 'issuer' | 'resource'> => ({
    kid: key.kid,
    jwk: key.privateKey.export({ format: 'jwk' }),
    issuer: deployment.issuer,
    resource,
  });
  const guarded: ApiSettings = {
    ...ofApi(deployment.keys.otherServer),
    clientId: 'other-api',
    introspectAt: deployment.issuer,
    port,
  };
  const bare: ApiSettings = {
    ...ofApi(deployment.keys.server),
    clientId: 'orders-api',
    introspectAt: sides.floor.sender.url,
    port: await freePort(),
  };
  const api = await world.start(['test/load/loads/guarded-api.js', JSON.stringify(guarded)]);
  const bareApi = await world.start(['test/load/floor/floor-api.js', JSON.stringify(bare)]);
  const brokerTrip = sdkTrip(world, resource);
  const floorTrip = bareTrip(sides, `http://127.0.0.1:${bare.port}`);
  return {
    name: 'round trip of the SDKs',
    target: null,
    wholeTrip: true,
    calling: { broker: [api.pid], floor: [bareApi.pid] },
    prepare: async (count) => ({
      broker: repeated(brokerTrip, count),
      floor: repeated(floorTrip, count),
    }),
  };
}

function sdkTrip({ deployment }: World, resource: string): Shot {
  const { client: key } = deployment.keys;
  const client = createOncekeyClient({
    issuer: deployment.issuer,
    clientId: 'desk',
    clientKey: { ...key.privateKey.export({ format: 'jwk' }), kty: 'EC', kid: key.kid },
    subjectToken: signedIn(deployment),
    resources: [resource],
  });
  return async () => {
    const response = await client.fetch(`${resource}things/42`);
    const text = await response.text();
    if (response.status !== 200) throw new UnexpectedAnswer(`the API answered ${response.status} ${text}`);
    return text;
  };
}

function bareTrip({ world, floor }: Sides, apiUrl: string): Shot {
  const { caller } = world;
  const api = world.sender(apiUrl);
  return async () => {
    const [exchange] = prepareExchanges(caller, 1);
    if (exchange === undefined) throw new Error('no exchange was prepared');
    const answer: unknown = JSON.parse(await floor.sender.shot(exchange, TOKEN)());
    const token = (answer as { access_token: string }).access_token;
    const headers = { authorization: `DPoP ${token}`, dpop: caller.apiProof(token, { htm: 'GET' }) };
    const call = { method: 'GET' as const, path: '/things/42', headers, body: '' };
    return api.shot(call, { status: 200, body: '"id"' })();
  };
}
