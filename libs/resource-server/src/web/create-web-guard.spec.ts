import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { jwtVerify } from 'jose';
import { bound } from '../../test/hostile-requests.contract.ts';
import {
  accepts,
  answers,
  breaksOff,
  closeAll,
  neverAnswers,
  RESOURCE,
  standInBroker,
} from '../../test/stand-in-broker.ts';
import { createWebGuard } from './create-web-guard.ts';
import type { WebPrivateJwk } from './web-assertion-signer.ts';

const jwkOf = (key: KeyObject) => ({ ...key.export({ format: 'jwk' }), kid: 'k1' }) as WebPrivateJwk;

const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEYS = [
  { alg: 'ES256', pair: EC },
  { alg: 'EdDSA', pair: generateKeyPairSync('ed25519') },
  { alg: 'PS256', pair: generateKeyPairSync('rsa', { modulusLength: 2048 }) },
];

const REQUEST = {
  method: 'POST',
  rawUrl: '/orders',
  rawHeaders: ['host: api.example', ...bound()].flatMap((line) => line.split(': ')),
  rawBody: Buffer.from('{"a":1}'),
};

afterEach(closeAll);

describe('createWebGuard', () => {
  it.each(KEYS)('signs its assertions with $alg', async ({ alg, pair }) => {
    const { issuer, asked } = await standInBroker([accepts()]);
    const privateKey = jwkOf(pair.privateKey);
    const guard = createWebGuard({ issuer, clientId: 'orders-api', privateKey, resource: RESOURCE });
    expect(await guard.check(REQUEST)).toMatchObject({ granted: true });
    const verified = await jwtVerify(asked[0]?.form.get('client_assertion') ?? '', pair.publicKey, {
      issuer: 'orders-api',
      audience: issuer,
      typ: 'client-authentication+jwt',
    });
    expect(verified.protectedHeader).toMatchObject({ alg, kid: 'k1' });
  });

  it.each([
    { name: 'an answer that breaks off', handler: breaksOff, asks: 3 },
    { name: 'a timeout', handler: neverAnswers, asks: 3 },
    {
      name: 'an answer without end',
      handler: answers(200, { active: true, sub: 'a'.repeat(70_000) }),
      asks: 1,
    },
    { name: 'a redirect', handler: answers(307, {}, { location: 'https://evil.example/' }), asks: 1 },
  ])('lets nobody through with $name', async ({ handler, asks }) => {
    const { issuer, asked } = await standInBroker([handler]);
    const options = { issuer, clientId: 'orders-api', privateKey: jwkOf(EC.privateKey), resource: RESOURCE };
    const guard = createWebGuard({ ...options, timeoutMs: 100 });
    expect(await guard.check(REQUEST)).toMatchObject({ refusal: { reason: 'unavailable' } });
    expect(asked).toHaveLength(asks);
  });

  it.each<[string, WebPrivateJwk]>([
    ['a public key', jwkOf(EC.publicKey)],
    ['a key of another curve', { kty: 'EC', crv: 'P-384', d: 'x' }],
  ])('refuses %s', (_, privateKey) => {
    const options = { issuer: 'https://broker.example', clientId: 'orders-api', resource: RESOURCE };
    expect(() => createWebGuard({ ...options, privateKey })).toThrow(TypeError);
  });
});
