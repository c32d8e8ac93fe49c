import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { rawHttp } from '../support/raw-http.ts';

/** RFC 9449: every token is bound to the key that signs the proof, with nonces of the server. */
const broker = useBroker();
const htu = (): string => `${broker.deployment.issuer}/token`;

it('check 40, OpenID Connect Key Binding §4: an ID token that is bound to a key needs a proof by that key', async () => {
  const { issuerServer } = broker.deployment;
  const bound = (jkt: string): string => issuerServer.idToken({ cnf: { jkt } });
  const foreign = bound(makeSigningKey().thumbprint);
  expectError(await broker.caller.exchange({ subject_token: foreign }), '400 invalid_request');
  const own = bound(broker.caller.device.thumbprint);
  expectError(await broker.caller.exchange({ subject_token: own }, null), '400 invalid_request');
  expect((await broker.caller.exchange({ subject_token: own })).status).toBe(200);
});

it('check 57, FAPI 2.0 §5.3.2.1: without a proof there is no token, least of all a bearer token', async () => {
  expectError(await broker.caller.exchange({}, null), '400 invalid_dpop_proof');
});

it('check 58, RFC 9449 §8: a proof without a nonce is answered with one, and taken with it', async () => {
  const answer = await broker.caller.exchange({}, broker.caller.proof({ nonce: undefined }));
  expectError(answer, '400 use_dpop_nonce');
  const nonce = answer.headers.get('dpop-nonce');
  // Two fields would have been joined by a comma.
  expect(nonce).toMatch(/^[\w-]+$/);
  expect((await broker.caller.exchange({}, broker.caller.proof({ nonce }))).status).toBe(200);
});

it('check 59, RFC 9449 §8: a nonce that is not ours is answered with a new one', async () => {
  const answer = await broker.caller.exchange({}, broker.caller.proof({ nonce: 'eyJ7S_zG.eyJH0-Z.HX4w-7v' }));
  expectError(answer, '400 use_dpop_nonce');
  const nonce = answer.headers.get('dpop-nonce');
  expect(nonce).toMatch(/^[\w.-]+$/);
  expect((await broker.caller.exchange({}, broker.caller.proof({ nonce }))).status).toBe(200);
});

it('check 60, RFC 9449 §11.1: a proof is taken once', async () => {
  const proof = broker.caller.proof({ jti: randomUUID() });
  expect((await broker.caller.exchange({}, proof)).status).toBe(200);
  expectError(await broker.caller.exchange({}, proof), '400 invalid_dpop_proof');
});

it.each<[string, () => string]>([
  ['query and fragment are not compared', () => `${htu()}?x=y#z`],
  ['the scheme is compared in lower case', () => htu().replace('http', 'HTTP')],
  ['dot segments are resolved', () => htu().replace('/token', '/x/../token')],
])('check 61, RFC 9449 §4.3: htu is compared by what it means: %s', async (_, uri) => {
  expect((await broker.caller.exchange({}, broker.caller.proof({ htu: uri() }))).status).toBe(200);
});

it.each<[string, () => string]>([
  ['another path', () => `${htu()}s`],
  ['another host', () => 'https://other.example/token'],
  ['the other endpoint', () => htu().replace('/token', '/introspect')],
])('check 61, RFC 9449 §4.3: a proof for %s is refused', async (_, uri) => {
  const answer = await broker.caller.exchange({}, broker.caller.proof({ htu: uri() }));
  const expected = { answer: '400 invalid_dpop_proof', reason: 'device.wrong_request' };
  await expectRefusal(answer, broker.records, expected);
});

/** A proof with a MAC that holds, under a secret that it names itself. */
function proofByMac(): string {
  const secret = randomBytes(32);
  const jwk = { kty: 'oct', k: secret.toString('base64url') };
  const [header, payload] = broker.caller.proof({}, { alg: 'HS256', jwk }).split('.');
  const mac = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
  return `${header}.${payload}.${mac}`;
}

it.each<{ name: string; proof: () => string; reason: string }>([
  {
    name: 'a private key in jwk',
    proof: () => broker.caller.proof({}, { jwk: broker.caller.device.privateKey.export({ format: 'jwk' }) }),
    reason: 'device.malformed_proof',
  },
  { name: 'a MAC', proof: proofByMac, reason: 'device.malformed_proof' },
  {
    name: 'a symmetric algorithm',
    proof: () => broker.caller.proof({}, { alg: 'HS256' }),
    reason: 'device.malformed_proof',
  },
  {
    name: 'no signature',
    proof: () => broker.caller.proof({}, { alg: 'none' }).replace(/[^.]*$/, ''),
    reason: 'device.malformed_proof',
  },
  {
    name: 'no typ',
    proof: () => broker.caller.proof({}, { typ: undefined }),
    reason: 'device.wrong_kind',
  },
  {
    name: 'another method',
    proof: () => broker.caller.proof({ htm: 'GET' }),
    reason: 'device.wrong_request',
  },
])('check 62, RFC 9449 §4.3: a proof with $name is refused for that', async ({ proof, reason }) => {
  const answer = await broker.caller.exchange({}, proof());
  await expectRefusal(answer, broker.records, { answer: '400 invalid_dpop_proof', reason });
});

it('check 63, RFC 9449 §4.3: two proofs are none', async () => {
  const form = new URLSearchParams(broker.caller.parameters() as Record<string, string>).toString();
  const { status, body } = await rawHttp(
    Number(new URL(broker.caller.url).port),
    [
      'POST /token HTTP/1.1',
      'Host: broker',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${form.length}`,
      `DPoP: ${broker.caller.proof()}`,
      `DPoP: ${broker.caller.proof()}`,
      'Connection: close',
      '',
      form,
    ].join('\r\n'),
  );
  expect([status, JSON.parse(body)]).toMatchObject([400, { error: 'invalid_dpop_proof' }]);
});

it('check 64, RFC 9449 §6: the token is of type DPoP, and bound to the RFC 7638 thumbprint of the key', async () => {
  const { body } = await broker.caller.exchange();
  expect(body['token_type']).toBe('DPoP');
  const { crv, kty, x, y } = broker.caller.device.publicJwk;
  const jkt = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  const active = await broker.caller.introspect(String(body['access_token']));
  expect(active.body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt } });
});
