import { createHash, generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import {
  accepts,
  answers,
  breaksOff,
  closeAll,
  hangsUp,
  neverAnswers,
  refuses,
  RESOURCE,
  showsAnErrorPage,
  standInBroker,
  type Asked,
  type Handler,
} from '../test/stand-in-broker.ts';
import type { Decision, GuardedRequest } from './decision.ts';
import { createGuard, type GuardOptions } from './guard.ts';
import type { Guard } from './guard-with.ts';

const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const TOKEN = 'once_eyJhbGciOiJkaXIifQ..a.b.c';
const PROOF = 'aGVhZGVy.cGF5bG9hZA.c2ln';

const REQUEST: GuardedRequest = {
  method: 'POST',
  rawUrl: '/orders/42/refund?notify=1',
  rawHeaders: [
    'Host',
    'api.example',
    'Authorization',
    `DPoP ${TOKEN}`,
    'DPoP',
    PROOF,
    'Content-Type',
    'application/json',
  ],
  rawBody: Buffer.from('{"hello": "world"}'),
};

const guards: Guard[] = [];

function guardOf(issuer: string, options: Partial<GuardOptions> = {}): Guard {
  const guard = createGuard({
    issuer,
    clientId: 'orders-api',
    privateKey: KEY.privateKey,
    resource: RESOURCE,
    timeoutMs: 200,
    deadlineMs: 2000,
    ...options,
  });
  guards.push(guard);
  return guard;
}

const reasonOf = (decision: Decision) => (decision.granted ? 'granted' : decision.refusal.reason);

const jtiOf = async ({ form }: Asked) =>
  (await jwtVerify(form.get('client_assertion') ?? '', KEY.publicKey)).payload.jti;

afterEach(async () => {
  for (const guard of guards.splice(0)) guard.close();
  await closeAll();
});

describe('check', () => {
  it('tells the broker all of the request, and lets it through once the broker has spent the token', async () => {
    const { issuer, asked } = await standInBroker([accepts()]);
    const decision = await guardOf(issuer).check(REQUEST);
    expect(decision).toMatchObject({ granted: true, grant: { subject: 'ada', keyThumbprint: 'thumb' } });
    expect(Object.fromEntries(asked[0]!.form)).toEqual({
      token: TOKEN,
      token_type_hint: 'access_token',
      http_method: 'POST',
      http_target_uri: 'https://api.example/orders/42/refund?notify=1',
      content_digest: 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
      http_content_type: 'application/json',
      dpop_proof: PROOF,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.any(String),
    });
    expect(asked[0]!.headers['idempotency-key']).toMatch(/^"[0-9a-f-]{36}"$/);
    const { payload } = await jwtVerify(asked[0]!.form.get('client_assertion') ?? '', KEY.publicKey, {
      issuer: 'orders-api',
      subject: 'orders-api',
      typ: 'client-authentication+jwt',
    });
    expect(payload.aud).toBe(issuer);
  });

  it('I-46 asks for every request anew, with another key and another assertion', async () => {
    const { issuer, asked, discoveries } = await standInBroker([accepts(), refuses]);
    const guard = guardOf(issuer);
    expect(reasonOf(await guard.check(REQUEST))).toBe('granted');
    expect(reasonOf(await guard.check(REQUEST))).toBe('inactive');
    expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
    expect(new Set(await Promise.all(asked.map(jtiOf))).size).toBe(2);
    expect(discoveries()).toBe(1);
  });

  it('passes on where to look up why a token was refused', async () => {
    const { issuer } = await standInBroker([refuses]);
    expect(await guardOf(issuer).check(REQUEST)).toMatchObject({
      refusal: { status: 401, headers: { 'oncekey-reason-id': 'r-1' }, cause: null },
    });
  });

  it.each<{ name: string; rawBody: Buffer | null }>([
    { name: 'no body', rawBody: null },
    { name: 'an empty body', rawBody: Buffer.alloc(0) },
  ])('tells no digest of $name', async ({ rawBody }) => {
    const { issuer, asked } = await standInBroker([accepts()]);
    await guardOf(issuer).check({ ...REQUEST, rawBody });
    expect(asked[0]!.form.has('content_digest')).toBe(false);
  });

  it('I-21 tells the method that will be served, whatever headers say', async () => {
    const { issuer, asked } = await standInBroker([accepts()]);
    const rawHeaders = [...REQUEST.rawHeaders, 'X-HTTP-Method-Override', 'DELETE'];
    await guardOf(issuer).check({ ...REQUEST, rawHeaders });
    expect(asked[0]!.form.get('http_method')).toBe('POST');
  });

  it.each<{ name: string; change: Partial<GuardedRequest>; expect: string }>([
    { name: 'no credentials', change: { rawHeaders: ['Host', 'api.example'] }, expect: 'no_credentials' },
    { name: 'a token in the query', change: { rawUrl: '/?access_token=x' }, expect: 'token_in_query' },
    {
      name: 'I-37 two hosts',
      change: { rawHeaders: [...REQUEST.rawHeaders, 'Host', 'api.example'] },
      expect: 'bad_host',
    },
    {
      name: 'two content types',
      change: { rawHeaders: [...REQUEST.rawHeaders, 'Content-Type', 'text/plain'] },
      expect: 'several_content_types',
    },
  ])('does not even ask about $name', async ({ change, expect: expected }) => {
    const { issuer, asked } = await standInBroker([accepts()]);
    expect(reasonOf(await guardOf(issuer).check({ ...REQUEST, ...change }))).toBe(expected);
    expect(asked).toHaveLength(0);
  });

  it('DP-23 refuses an unbound token under the scheme of bound ones', async () => {
    const { issuer } = await standInBroker([accepts({ token_type: 'Bearer', cnf: undefined })]);
    expect(reasonOf(await guardOf(issuer).check(REQUEST))).toBe('scheme_mismatch');
  });

  it('takes bearer tokens where it is told to', async () => {
    const { issuer } = await standInBroker([accepts()]);
    const rawHeaders = ['Host', 'api.example', 'Authorization', `Bearer ${TOKEN}`];
    const decision = await guardOf(issuer, { acceptBearer: true }).check({ ...REQUEST, rawHeaders });
    expect(decision).toMatchObject({ granted: true, grant: { keyThumbprint: null } });
  });
});

describe('tokens that are bound to a certificate (RFC 8705)', () => {
  const clientCertificate = Buffer.from('the certificate');
  const thumbprint = createHash('sha256').update(clientCertificate).digest('base64url');
  const request = {
    ...REQUEST,
    rawHeaders: ['Host', 'api.example', 'Authorization', `Bearer ${TOKEN}`],
    clientCertificate,
  };
  const bound = (x5t: string) => accepts({ token_type: 'Bearer', cnf: { 'x5t#S256': x5t } });

  it('are taken with that one, which the broker is told', async () => {
    const { issuer, asked } = await standInBroker([bound(thumbprint)]);
    const decision = await guardOf(issuer).check(request);
    expect(decision).toMatchObject({
      granted: true,
      grant: { keyThumbprint: null, certificateThumbprint: thumbprint },
    });
    expect(asked[0]?.form.get('client_cert_s256')).toBe(thumbprint);
  });

  it.each<[string, Handler, GuardedRequest, Partial<GuardOptions>, string]>([
    ['another certificate', bound('other'), request, {}, 'other_certificate'],
    ['none', bound(thumbprint), { ...request, clientCertificate: null }, {}, 'bearer_refused'],
    [
      'none, where bearer tokens do',
      bound(thumbprint),
      { ...request, clientCertificate: null },
      { acceptBearer: true },
      'other_certificate',
    ],
    ['the right one, and a token that is bound to nothing', accepts(), request, {}, 'bearer_refused'],
    [
      'the right one, and another scheme',
      bound(thumbprint),
      { ...REQUEST, clientCertificate },
      {},
      'scheme_mismatch',
    ],
  ])('are refused with %s', async (_, answer, shown, options, reason) => {
    const { issuer } = await standInBroker([answer]);
    expect(reasonOf(await guardOf(issuer, options).check(shown))).toBe(reason);
  });

  it('have one confirmation: an answer with two is not believed', async () => {
    const { issuer } = await standInBroker([accepts({ cnf: { 'x5t#S256': thumbprint, jkt: 'x' } })]);
    expect(reasonOf(await guardOf(issuer).check(request))).toBe('unavailable');
  });
});

describe('a broker that does not answer', () => {
  it.each<{ name: string; passing: Handler }>([
    { name: '503', passing: answers(503, { error: 'temporarily_unavailable' }, { 'retry-after': '0' }) },
    { name: '429', passing: answers(429, { error: 'temporarily_unavailable' }, { 'retry-after': '0' }) },
    { name: '502 of something in between', passing: showsAnErrorPage(502) },
    { name: 'a connection that breaks', passing: hangsUp },
    { name: 'an answer that breaks off', passing: breaksOff },
    { name: 'a timeout', passing: neverAnswers },
  ])('is asked the same again after $name, with a fresh assertion', async ({ passing }) => {
    const { issuer, asked } = await standInBroker([passing, passing, accepts()]);
    expect(reasonOf(await guardOf(issuer).check(REQUEST))).toBe('granted');
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(new Set(await Promise.all(asked.map(jtiOf))).size).toBe(3);
    const told = asked.map(({ form }) => [...form].filter(([name]) => name !== 'client_assertion'));
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
  });

  it('is given up on after the third time', async () => {
    const { issuer, asked } = await standInBroker([hangsUp]);
    const decision = await guardOf(issuer).check(REQUEST);
    expect(decision).toMatchObject({
      refusal: { reason: 'unavailable', status: 503, cause: expect.any(Error) },
    });
    expect(asked).toHaveLength(3);
  });

  it('is given up on at the deadline', async () => {
    const { issuer, asked } = await standInBroker([neverAnswers]);
    expect(reasonOf(await guardOf(issuer, { deadlineMs: 300 }).check(REQUEST))).toBe('unavailable');
    expect(asked.length).toBeLessThan(3);
  });

  it('does not get the token into the error', async () => {
    const { issuer } = await standInBroker([answers(400, { error: TOKEN, error_description: TOKEN })]);
    const decision = await guardOf(issuer).check(REQUEST);
    if (decision.granted) throw new Error('granted');
    expect(decision.refusal.cause?.message).toBe('the broker answered 400');
  });
});

describe('a broker that cannot be relied on', () => {
  it.each<{ name: string; answer: Handler }>([
    { name: 'an answer for another audience', answer: accepts({ aud: 'https://other.example/' }) },
    { name: 'an answer without an audience', answer: accepts({ aud: undefined }) },
    { name: 'an answer for another method', answer: accepts({ htm: 'GET' }) },
    { name: 'an answer for another URI', answer: accepts({ htu: 'https://api.example/admin' }) },
    { name: 'an answer of another issuer', answer: accepts({ iss: 'https://evil.example' }) },
    { name: 'active as a text', answer: accepts({ active: 'true' }) },
    { name: 'active as a number', answer: accepts({ active: 1 }) },
    { name: 'no verdict', answer: answers(200, {}) },
    { name: 'an array', answer: answers(200, [{ active: true }]) },
    { name: 'a page', answer: showsAnErrorPage(200) },
    { name: 'D8 a positive answer with 201', answer: answers(201, { active: true }) },
    { name: 'a redirect', answer: answers(307, {}, { location: 'https://evil.example/' }) },
    { name: '401: our own credentials', answer: answers(401, { error: 'invalid_client' }) },
    { name: '422: a conflict of keys', answer: answers(422, { error: 'invalid_request' }) },
    { name: '500', answer: answers(500, { error: 'server_error' }) },
    { name: 'an answer without end', answer: answers(200, { active: true, sub: 'a'.repeat(70_000) }) },
  ])('lets nobody through with $name', async ({ answer }) => {
    const { issuer, asked } = await standInBroker([answer]);
    expect(reasonOf(await guardOf(issuer).check(REQUEST))).toBe('unavailable');
    expect(asked).toHaveLength(1);
  });
});

describe('createGuard', () => {
  it('needs no metadata when it is told the endpoint', async () => {
    const { issuer, discoveries } = await standInBroker([accepts()]);
    const guard = guardOf(issuer, { introspectionEndpoint: `${issuer}/introspect` });
    expect(reasonOf(await guard.check(REQUEST))).toBe('granted');
    expect(discoveries()).toBe(0);
  });

  it.each<Partial<GuardOptions>>([
    { issuer: 'http://broker.example' },
    { introspectionEndpoint: 'http://broker.example/introspect' },
    { resource: 'orders' },
    { privateKey: KEY.publicKey },
  ])('refuses %o', (options) => {
    expect(() => guardOf('https://broker.example', options)).toThrow(TypeError);
  });
});
