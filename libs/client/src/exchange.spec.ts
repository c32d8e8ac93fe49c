import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import {
  answers,
  asksForNonce,
  closeAll,
  GRANTED,
  grants,
  hangsUp,
  metadataOf,
  neverAnswers,
  showsAnErrorPage,
  standInBroker,
  type Handler,
} from '../test/stand-ins.ts';
import type { OncekeyClientOptions } from './client-options.ts';
import { createOncekeyClient } from './oncekey-client.ts';
import type { OncekeyError } from './oncekey-error.ts';
import type { PrivateJwk } from './signing-key.ts';

const CLIENT_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const CLIENT_JWK = { ...CLIENT_KEY.privateKey.export({ format: 'jwk' }), kid: 'c1' } as PrivateJwk;

function clientOf(issuer: string, options: Partial<OncekeyClientOptions> = {}) {
  return createOncekeyClient({
    issuer,
    clientId: 'desk',
    clientKey: CLIENT_JWK,
    subjectToken: () => 'id.token.ada',
    timeoutMs: 300,
    ...options,
  });
}

const failureOf = (promise: Promise<unknown>): Promise<OncekeyError> =>
  promise.then(
    () => Promise.reject(new Error('it succeeded')),
    (failure: OncekeyError) => failure,
  );

const proofOf = ({ headers }: { headers: Record<string, unknown> }) => decodeJwt(String(headers['dpop']));

afterEach(closeAll);

describe('exchange', () => {
  const request = () => new Request('https://api.example/orders', { method: 'POST', body: 'x' });

  it('DP-12 answers a demand for a nonce once, with a fresh assertion and proof and the same subject token', async () => {
    const { issuer, exchanges } = await standInBroker([asksForNonce, grants]);
    const subjectToken = jest.fn(() => Promise.resolve(`id.${randomUUID()}`));
    await clientOf(issuer, { subjectToken }).exchange(request());
    const proofs = exchanges.map(proofOf);
    expect(proofs.map(({ nonce }) => nonce)).toEqual([undefined, 'n-1']);
    expect(new Set(proofs.map(({ jti }) => jti)).size).toBe(2);
    expect(new Set(exchanges.map(({ form }) => form.get('client_assertion'))).size).toBe(2);
    expect(new Set(exchanges.map(({ form }) => form.get('subject_token'))).size).toBe(1);
    expect(subjectToken).toHaveBeenCalledTimes(1);
  });

  it('DP-30 uses the nonce of the last answer', async () => {
    const { issuer, exchanges } = await standInBroker([asksForNonce, grants]);
    const client = clientOf(issuer);
    await client.exchange(request());
    await client.exchange(request());
    expect(proofOf(exchanges[2]!)['nonce']).toBe('n-next');
    expect(exchanges).toHaveLength(3);
  });

  it('gives up when the broker asks for a nonce twice', async () => {
    const { issuer, exchanges } = await standInBroker([asksForNonce]);
    expect(await failureOf(clientOf(issuer).exchange(request()))).toMatchObject({
      code: 'use_dpop_nonce',
      status: 400,
    });
    expect(exchanges).toHaveLength(2);
  });

  it.each<{ name: string; passing: Handler }>([
    { name: '503', passing: answers(503, { error: 'temporarily_unavailable' }, { 'retry-after': '0' }) },
    {
      name: '429',
      passing: answers(429, { error: 'temporarily_unavailable' }, { 'retry-after': '0' }),
    },
    {
      name: '503 of something in between',
      passing: showsAnErrorPage(503),
    },
    { name: 'a broken connection', passing: hangsUp },
    { name: 'a timeout', passing: neverAnswers },
  ])('repeats the exchange once after $name', async ({ passing }) => {
    const good = await standInBroker([passing, grants]);
    await expect(clientOf(good.issuer).exchange(request())).resolves.toMatchObject({
      accessToken: 'once_abc.def',
    });
    const bad = await standInBroker([passing]);
    await failureOf(clientOf(bad.issuer).exchange(request()));
    expect([good.exchanges.length, bad.exchanges.length]).toEqual([2, 2]);
  });

  it.each([503, 429])(
    'does not wait for a broker that wants to be left alone for long: %d',
    async (status) => {
      const { issuer, exchanges } = await standInBroker([
        answers(status, { error: 'temporarily_unavailable' }, { 'retry-after': '120' }),
      ]);
      const failure = await failureOf(clientOf(issuer).exchange(request()));
      expect(failure).toMatchObject({ code: 'temporarily_unavailable', status, retryAfterSeconds: 120 });
      expect(exchanges).toHaveLength(1);
    },
  );

  it('tells what a step-up demands', async () => {
    const { issuer } = await standInBroker([
      answers(
        400,
        {
          error: 'insufficient_user_authentication',
          error_description: 'more',
          acr_values: 'phr phrh',
          max_age: 300,
        },
        { 'oncekey-reason-id': 'r-1' },
      ),
    ]);
    expect(await failureOf(clientOf(issuer).exchange(request()))).toMatchObject({
      name: 'OncekeyError',
      code: 'insufficient_user_authentication',
      description: 'more',
      reasonId: 'r-1',
      stepUp: { acrValues: ['phr', 'phrh'], maxAgeSeconds: 300 },
    });
  });

  describe('check 65: a sign-in that falls short', () => {
    const refused = answers(400, {
      error: 'insufficient_user_authentication',
      acr_values: 'phr',
      max_age: 300,
    });

    it('runs the login again as told, and goes on with the new ID token', async () => {
      const { issuer, exchanges } = await standInBroker([asksForNonce, refused, asksForNonce, grants]);
      const onStepUp = jest.fn(() => 'id.token.better');
      await clientOf(issuer, { onStepUp }).exchange(request());
      expect(onStepUp.mock.calls).toEqual([[{ acrValues: ['phr'], maxAgeSeconds: 300 }]]);
      const sent = exchanges.map(({ form }) => form.get('subject_token'));
      expect(sent).toEqual(['id.token.ada', 'id.token.ada', 'id.token.better', 'id.token.better']);
    });

    it('asks for one more sign-in and no other', async () => {
      const { issuer, exchanges } = await standInBroker([refused]);
      const onStepUp = jest.fn(() => 'id.token.better');
      const failure = await failureOf(clientOf(issuer, { onStepUp }).exchange(request()));
      expect(failure).toMatchObject({
        code: 'insufficient_user_authentication',
        stepUp: { acrValues: ['phr'] },
      });
      expect([onStepUp.mock.calls.length, exchanges.length]).toEqual([1, 2]);
    });

    it('fails as the login fails', async () => {
      const { issuer } = await standInBroker([refused]);
      const onStepUp = (): Promise<string> => Promise.reject(new Error('nobody there'));
      await expect(clientOf(issuer, { onStepUp }).exchange(request())).rejects.toThrow('nobody there');
    });
  });

  it('shows who acts for the user', async () => {
    const { issuer, exchanges } = await standInBroker([grants]);
    await clientOf(issuer, { actorToken: () => 'id.token.agent' }).exchange(request());
    const { form } = exchanges[0]!;
    expect([form.get('actor_token'), form.get('actor_token_type')]).toEqual([
      'id.token.agent',
      'urn:ietf:params:oauth:token-type:id_token',
    ]);
  });

  it.each<{ name: string; answer: Handler }>([
    { name: 'a bearer token', answer: answers(200, { ...GRANTED, token_type: 'Bearer' }) },
    { name: 'no token type', answer: answers(200, { ...GRANTED, token_type: undefined }) },
    {
      name: 'a token that would break the header',
      answer: answers(200, { ...GRANTED, access_token: 'a\r\nb: c' }),
    },
    { name: 'no lifetime', answer: answers(200, { ...GRANTED, expires_in: undefined }) },
    { name: 'no details', answer: answers(200, { ...GRANTED, authorization_details: undefined }) },
    { name: 'an array', answer: answers(200, [GRANTED] as object) },
    { name: '201', answer: answers(201, GRANTED) },
    { name: 'a redirect', answer: answers(307, {}, { location: 'https://evil.example/' }) },
    { name: 'an error page', answer: showsAnErrorPage(502) },
  ])('takes no token from $name', async ({ answer }) => {
    const { issuer } = await standInBroker([answer]);
    expect(await failureOf(clientOf(issuer).exchange(request()))).toMatchObject({
      code: 'unexpected_answer',
    });
  });

  it.each<{ name: string; metadata: (issuer: string) => object; code: string }>([
    {
      name: 'of another issuer',
      metadata: (i) => ({ ...metadataOf(i), issuer: `${i}/` }),
      code: 'wrong_issuer',
    },
    { name: 'without a token endpoint', metadata: (issuer) => ({ issuer }), code: 'unexpected_answer' },
    {
      name: 'with a token endpoint in the clear',
      metadata: (issuer) => ({ issuer, token_endpoint: 'http://broker.example/token' }),
      code: 'unexpected_answer',
    },
  ])('does not believe metadata $name, and asks again the next time', async ({ metadata, code }) => {
    const { issuer, exchanges, discoveries } = await standInBroker([grants], metadata);
    const client = clientOf(issuer);
    expect(await failureOf(client.exchange(request()))).toMatchObject({ code });
    await failureOf(client.exchange(request()));
    expect([exchanges.length, discoveries()]).toEqual([0, 2]);
  });

  it.each<{ name: string; options: Partial<OncekeyClientOptions>; url: string; resource: string | null }>([
    {
      name: 'the longest resource that matches',
      options: { resources: ['https://a.example', 'https://a.example/v1'] },
      url: 'https://a.example/v1/x',
      resource: 'https://a.example/v1',
    },
    {
      name: 'the resource in canonical form',
      options: { resources: ['https://A.example:443'] },
      url: 'https://a.example/x',
      resource: 'https://a.example/',
    },
    {
      name: 'what resourceFor says',
      options: { resourceFor: () => 'https://a.example/api' },
      url: 'https://a.example/api/x',
      resource: 'https://a.example/api',
    },
    {
      name: 'no resource that was not named',
      options: { resources: ['https://a.example'] },
      url: 'https://b.example/',
      resource: null,
    },
  ])('names $name', async ({ options, url, resource }) => {
    const { issuer, exchanges } = await standInBroker([grants]);
    const outcome = await clientOf(issuer, options)
      .exchange(new Request(url))
      .then(
        () => exchanges[0]?.form.get('resource'),
        (failure: OncekeyError) => failure.code,
      );
    expect(outcome).toBe(resource ?? 'unacceptable_uri');
  });

  it('says that nobody was there', async () => {
    const { issuer } = await standInBroker([grants]);
    await closeAll();
    expect(await failureOf(clientOf(issuer).exchange(request()))).toMatchObject({
      code: 'unreachable',
      status: null,
    });
  });
});
