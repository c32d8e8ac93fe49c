import { createPrivateKey, randomUUID, type JsonWebKeyInput } from 'node:crypto';
import { createServer } from 'node:http';
import { Pool } from 'undici';
import { JWT_BEARER } from '../../support/deployment/caller.ts';
import { signJwt } from '../../support/deployment/signing-key.ts';
import { encode, FORM } from '../prepare.ts';
import type { ApiSettings } from '../loads/api-settings.ts';

/** The API of the floor's round trip: for each request one introspection at the floor, and no check of its own. */
const { issuer, introspectAt, clientId, kid, jwk, port } = JSON.parse(process.argv[2] ?? '{}') as ApiSettings;
const privateKey = createPrivateKey({ key: jwk as JsonWebKeyInput['key'], format: 'jwk' });
const key = { alg: 'ES256', kid, privateKey, publicJwk: {}, thumbprint: '' } as const;
const pool = new Pool(introspectAt, { connections: 128 });

function assertion(): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: clientId, sub: clientId, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60 };
  return signJwt({ typ: 'client-authentication+jwt', kid }, claims, key);
}

const server = createServer((request, response) => {
  const { authorization = '', dpop } = request.headers;
  const parameters = {
    token: authorization.slice('DPoP '.length),
    client_assertion_type: JWT_BEARER,
    client_assertion: assertion(),
    dpop_proof: String(dpop),
  };
  pool
    .request({ method: 'POST', path: '/introspect', headers: FORM, body: encode(parameters) })
    .then(async ({ body }) => (await body.text()).includes('"active":true'))
    .then(
      (isActive) => response.writeHead(isActive ? 200 : 401).end('{"id":"42"}'),
      () => response.writeHead(503).end(),
    );
});
server.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
