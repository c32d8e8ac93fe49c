import { readPrivateJwk } from '#quickstart';
import { createGuard } from '#resource-server';
import { readChildSettings } from '../config.ts';
import { ordersApi } from './orders-api.ts';

/** The toy Orders API, a process of its own. It knows the broker's address and its own key, nothing else. */
async function main(): Promise<void> {
  const { issuer, resource, port, clientId, keyFile } = readChildSettings([
    'issuer',
    'resource',
    'port',
    'clientId',
    'keyFile',
  ]);
  const guard = createGuard({ issuer, resource, clientId, privateKey: await readPrivateJwk(keyFile) });
  const api = await ordersApi(guard);
  process.once('SIGTERM', () => {
    guard.close();
    void api.close();
  });
  await api.listen({ host: '127.0.0.1', port: Number(port) });
  process.send?.('ready');
}

void main();
