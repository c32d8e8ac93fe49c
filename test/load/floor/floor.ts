import { freePort } from '../../support/deployment/free-port.ts';
import type { NodeProcess } from '../../support/deployment/node-process.ts';
import type { Sender } from '../send.ts';
import type { World } from '../world.ts';

/** The floor beside a deployment: it knows the same keys, and takes the same requests. */
export interface Floor {
  readonly node: NodeProcess;
  readonly sender: Sender;
}

export async function startFloor(world: World, databaseUrl: string): Promise<Floor> {
  const { issuerServer, keys } = world.deployment;
  const publicKeys = {
    client: keys.client.publicJwk,
    issuer: issuerServer.key.publicJwk,
    device: world.caller.device.publicJwk,
    server: keys.server.publicJwk,
    selfServer: keys.selfServer.publicJwk,
  };
  const port = await freePort();
  const node = await world.start([
    'test/load/floor-server.js',
    JSON.stringify(publicKeys),
    String(port),
    databaseUrl,
  ]);
  return { node, sender: world.sender(`http://127.0.0.1:${port}`) };
}
