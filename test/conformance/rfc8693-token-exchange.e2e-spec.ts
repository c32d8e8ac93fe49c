import { createHmac, createPublicKey } from 'node:crypto';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { JWT_BEARER, type Answer, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { API } from '../support/deployment/deployment.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey, segment, type SigningKey } from '../support/deployment/signing-key.ts';

/** RFC 8693: an ID token is exchanged for an access token of one use. */
const broker = useBroker();
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
const idToken = (claims: Claims = {}, header: Claims = {}): string =>
  broker.deployment.issuerServer.idToken(claims, header);

it.each<{ name: string; changes: Parameters }>([
  { name: 'check 32, RFC 8693 §2.1: without subject_token_type', changes: { subject_token_type: undefined } },
  {
    name: 'check 33, RFC 8693 §2.1: actor_token_type without actor_token',
    changes: { actor_token_type: 'urn:ietf:params:oauth:token-type:jwt' },
  },
  {
    name: 'check 39, RFC 8693 §3: a refresh token as subject',
    changes: { subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
  },
])('$name is an invalid_request', async ({ changes }) => {
  expectError(await broker.caller.exchange(changes), '400 invalid_request');
});

it.each<{ name: string; token: () => string; reason: string }>([
  {
    name: 'check 34, RFC 8693 §2.2.2: an expired ID token',
    token: () => idToken({ exp: inSeconds(-60) }),
    reason: 'subject.wrong_time',
  },
  {
    name: 'check 35, OpenID Connect Core §3.1.3.7: an ID token of another client',
    token: () => idToken({ aud: 'hr-app' }),
    reason: 'subject.wrong_audience',
  },
  {
    name: 'check 36, OpenID Connect Core §3.1.3.7: an ID token for us and a stranger',
    token: () => idToken({ aud: ['desk-app', 'stranger'] }),
    reason: 'subject.wrong_audience',
  },
  {
    name: 'check 37, RFC 8725 §3.2: an ID token that is not signed',
    token: () => `${unsigned('none')}.`,
    reason: 'subject.malformed',
  },
  {
    name: 'check 37, RFC 8725 §3.2: an ID token of alg none with a signature all the same',
    token: () => broker.deployment.issuerServer.idToken({}, { alg: 'none' }),
    reason: 'subject.bad_signature',
  },
  ...(['JWK', 'PEM', 'DER'] as const).map((form) => ({
    name: `check 37, RFC 8725 §3.1: an ID token with a MAC under the public key, as ${form},`,
    token: () => {
      const input = unsigned('HS256');
      const secret = publicKeyAs(form, broker.deployment.issuerServer.key);
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    },
    reason: 'subject.bad_signature',
  })),
])('$name is an invalid_request, in the same words as any other', async ({ token, reason }) => {
  const answer = await broker.caller.exchange({ subject_token: token() });
  await expectRefusal(answer, broker.records, { answer: '400 invalid_request', reason });
  expect(answer.body['error_description']).toBe('subject_token was not accepted');
});

/** What a careless verifier would take for the secret. */
function publicKeyAs(form: 'JWK' | 'PEM' | 'DER', { privateKey, publicJwk }: SigningKey): string | Buffer {
  if (form === 'JWK') return JSON.stringify(publicJwk);
  const key = createPublicKey(privateKey);
  return form === 'PEM'
    ? key.export({ format: 'pem', type: 'spki' })
    : key.export({ format: 'der', type: 'spki' });
}

it('check 37, RFC 8725 §3.1: a key of the issuer is good for the algorithms that are registered, and for no other', async () => {
  const { issuerServer } = broker.deployment;
  const key = makeSigningKey('PS256');
  const { alg: _, ...forAnyAlgorithm } = key.publicJwk;
  issuerServer.keys = [...issuerServer.keys, { ...key, publicJwk: forAnyAlgorithm }];
  const signed = (alg: 'PS256' | 'RS256'): Promise<Answer> =>
    broker.caller.exchange({ subject_token: issuerServer.idToken({}, {}, { ...key, alg }) });
  expect((await signed('PS256')).status).toBe(200);
  const expected = { answer: '400 invalid_request', reason: 'subject.bad_signature' };
  await expectRefusal(await signed('RS256'), broker.records, expected);
  expect((await signed('PS256')).status).toBe(200);
});

function unsigned(alg: string): string {
  const [, payload] = idToken().split('.');
  return `${segment({ alg, kid: broker.deployment.issuerServer.key.kid })}.${payload}`;
}

it('check 38, RFC 8725 §3.12: an access token of ours is no ID token', async () => {
  const subject_token = await broker.caller.token();
  expectError(await broker.caller.exchange({ subject_token }), '400 invalid_request');
});

it('check 45, RFC 8693 §2.2.1: a good answer has all of its members, and no refresh token', async () => {
  const { status, body } = await broker.caller.exchange();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    access_token: expect.any(String),
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'DPoP',
    expires_in: expect.any(Number),
    authorization_details: [{ type: 'http_operation' }],
  });
  expect(body).not.toHaveProperty('refresh_token');
});

it('check 46, FAPI 2.0 §5.4.1: a token is opaque, and nothing of it is stored', async () => {
  const before = await broker.records.counts();
  const [first, second] = [await broker.caller.token(), await broker.caller.token()];
  expect(first).toMatch(/^once_[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
  expect(first).not.toBe(second);
  expect((await broker.records.counts()).tokens).toBe(before.tokens);
});

it('check 47, RFC 8693 §2.2.1: no token outlives the subject token', async () => {
  const { body } = await broker.caller.exchange({ subject_token: idToken({ exp: inSeconds(5) }) });
  expect(body['expires_in']).toBeGreaterThan(0);
  expect(body['expires_in']).toBeLessThanOrEqual(5);
});

it('check 50, RFC 8693 §2.2.2: what no policy permits is refused without a word on policies', async () => {
  const answer = await broker.caller.exchange({ subject_token: idToken({ groups: ['sales'] }) });
  expectError(answer, '400 invalid_authorization_details');
  expect(answer.text).not.toMatch(/polic|support|cedar/i);
});

it('RFC 8693 §2.1: every parameter of a good exchange besides context is needed', async () => {
  const needed = [
    'grant_type',
    'client_assertion',
    'subject_token',
    'subject_token_type',
    'resource',
  ] as const;
  for (const parameter of needed) {
    expect((await broker.caller.exchange({ [parameter]: undefined })).status).toBeGreaterThanOrEqual(400);
  }
  const whole = { resource: API, client_assertion_type: JWT_BEARER };
  expect((await broker.caller.exchange(whole)).status).toBe(200);
});
