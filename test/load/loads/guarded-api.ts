import { createPrivateKey, type JsonWebKeyInput } from 'node:crypto';
import { createServer } from 'node:http';
import { createGuard, oncekeyHttp } from '../../../libs/resource-server/src/index.ts';
import type { ApiSettings } from './api-settings.ts';

/** An API as its authors would write it: the guard of the SDK in front of a handler. */
const { issuer, clientId, kid, jwk, resource, port } = JSON.parse(process.argv[2] ?? '{}') as ApiSettings;
const guard = createGuard({
  issuer,
  clientId,
  resource,
  keyId: kid,
  privateKey: createPrivateKey({ key: jwk as JsonWebKeyInput['key'], format: 'jwk' }),
});
const listener = oncekeyHttp({ guard }, (_request, response) => void response.end('{"id":"42"}'));
const server = createServer((request, response) => void listener(request, response));
server.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
