import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { askAs, readProof, readToken, registerGateway, READ_PATH } from '../support/gateway-call.ts';
import { rawHttp } from '../support/raw-http.ts';

const GATEWAY = { from: ['127.0.0.1'], dialect: 'original' as const };

let deployment: Deployment;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
  await registerGateway(caller, GATEWAY);
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(() => deployment.stop());

const port = (): number => Number(new URL(caller.url).port);

/** Asks with these header lines, as they are. */
async function askWith(lines: readonly string[], target = '/forward-auth/orders'): Promise<number | null> {
  const head = [`GET ${target} HTTP/1.1`, 'Host: broker', ...lines];
  return (await rawHttp(port(), `${head.join('\r\n')}\r\n\r\n`)).status;
}

const linesFor = (token: string): string[] => [
  `Authorization: DPoP ${token}`,
  `DPoP: ${readProof(caller, token)}`,
  'X-Original-Method: GET',
  `X-Original-URI: ${READ_PATH}`,
];

describe('I-44 what the gateway tells is exact', () => {
  it.each<{ name: string; changes: Record<string, string | undefined>; expected: number }>([
    { name: 'another URI', changes: { 'x-original-uri': '/v1/orders/43' }, expected: 401 },
    { name: 'a URI with a query', changes: { 'x-original-uri': `${READ_PATH}?x=1` }, expected: 401 },
    { name: 'dots in the URI', changes: { 'x-original-uri': `/x/..${READ_PATH}` }, expected: 401 },
    { name: 'D9: HEAD for GET', changes: { 'x-original-method': 'HEAD' }, expected: 401 },
    { name: 'a method in lower case', changes: { 'x-original-method': 'get' }, expected: 403 },
    { name: 'no method', changes: { 'x-original-method': undefined }, expected: 403 },
    { name: 'no URI', changes: { 'x-original-uri': undefined }, expected: 403 },
    {
      name: 'an absolute URI, which would choose the origin',
      changes: { 'x-original-uri': `https://api.example${READ_PATH}` },
      expected: 403,
    },
    {
      name: 'the headers of another dialect',
      changes: {
        'x-original-method': undefined,
        'x-original-uri': undefined,
        'x-forwarded-method': 'GET',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'api.example',
        'x-forwarded-uri': READ_PATH,
      },
      expected: 403,
    },
    { name: 'D7: no proof', changes: { dpop: undefined }, expected: 401 },
    { name: 'no token', changes: { authorization: undefined }, expected: 401 },
  ])('refuses $name, and the token lives on', async ({ changes, expected }) => {
    const token = await readToken(caller);
    expect((await askAs(caller, token, changes)).status).toBe(expected);
    expect((await askAs(caller, token)).status).toBe(200);
  });

  it('D7, DP-21: refuses a bound token as a bearer token', async () => {
    const token = await readToken(caller);
    expect((await askAs(caller, token, { authorization: `Bearer ${token}`, dpop: undefined })).status).toBe(
      401,
    );
    expect((await askAs(caller, token, { authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await askAs(caller, token)).status).toBe(200);
  });

  it.each(['X-Original-Method: GET', `X-Original-URI: ${READ_PATH}`, 'x-original-uri: /v1/orders/43'])(
    'refuses a second %s',
    async (line) => {
      const token = await readToken(caller);
      expect(await askWith([...linesFor(token), line])).toBe(403);
      expect(await askWith(linesFor(token))).toBe(200);
    },
  );

  it('refuses a second Authorization and a second DPoP', async () => {
    const token = await readToken(caller);
    const lines = linesFor(token);
    expect(await askWith([...lines, lines[0] ?? ''])).toBe(401);
    expect(await askWith([...lines, lines[1] ?? ''])).toBe(401);
    expect(await askWith(lines)).toBe(200);
  });

  it.each(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'does not look at its own method, %s',
    async (method) => {
      const token = await readToken(caller);
      const head = [
        `${method} /forward-auth/orders HTTP/1.1`,
        'Host: broker',
        'Content-Length: 0',
        ...linesFor(token),
      ];
      expect((await rawHttp(port(), `${head.join('\r\n')}\r\n\r\n`)).status).toBe(200);
    },
  );

  it.each([
    '/forward-auth',
    '/forward-auth/',
    '/forward-auth/ORDERS',
    '/forward-auth/orders/',
    '/forward-auth/orders?x=1',
    '/forward-auth/%6frders',
    '/forward-auth//orders',
    '/forward-auth/nobody',
    '/forward-auth/other',
    '/forward-auth/orders/../plain',
  ])('answers 403 at %s', async (target) => {
    const token = await readToken(caller);
    expect(await askWith(linesFor(token), target)).toBe(403);
    expect(await askWith(linesFor(token))).toBe(200);
  });
});

describe('I-44, H-12 who asks', () => {
  it('believes the socket and no header about it', async () => {
    await registerGateway(caller, GATEWAY);
    const token = await readToken(caller);
    const claims = ['X-Forwarded-For: 192.0.2.7', 'Forwarded: for=192.0.2.7', 'X-Real-IP: 192.0.2.7'];
    expect(await askWith([...linesFor(token), ...claims])).toBe(200);

    await registerGateway(caller, { ...GATEWAY, from: ['192.0.2.7', '127.0.0.2'] }, 403);
    const another = await readToken(caller);
    expect(await askWith([...linesFor(another), ...claims])).toBe(403);
    await registerGateway(caller, GATEWAY);
    expect(await askWith(linesFor(another))).toBe(200);
  });

  it('keeps the identity headers of an answer free of what it was sent', async () => {
    const token = await readToken(caller);
    const { headers } = await askAs(caller, token, { 'x-oncekey-subject': 'root', 'x-oncekey-acr': 'high' });
    expect(headers.get('x-oncekey-subject')).toBe('ada');
    expect(headers.get('x-oncekey-acr')).toBe('');
  });
});

describe('I-44 one spend for a request', () => {
  it('asked twice under the id that the gateway gave, answers twice; under another id, once', async () => {
    await registerGateway(caller, { ...GATEWAY, request_id: 'X-Gateway-Request' });
    const token = await readToken(caller);
    const same = { dpop: readProof(caller, token), 'x-gateway-request': 'a1' };
    const first = await askAs(caller, token, same);
    const second = await askAs(caller, token, same);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.headers.get('x-oncekey-jti')).toBe(first.headers.get('x-oncekey-jti'));
    expect((await askAs(caller, token, { ...same, 'x-gateway-request': 'a2' })).status).toBe(401);
    expect((await askAs(caller, token, { 'x-gateway-request': 'a1' })).status).toBe(403);
    expect((await askAs(caller, await readToken(caller))).status).toBe(403);
    await registerGateway(caller, GATEWAY);
  });

  it('takes no id that the registration does not name, which a thief could send', async () => {
    const token = await readToken(caller);
    const same = {
      dpop: readProof(caller, token),
      'x-request-id': 'a1',
      'x-gateway-request': 'a1',
      'idempotency-key': '"a1"',
    };
    expect((await askAs(caller, token, same)).status).toBe(200);
    expect((await askAs(caller, token, same)).status).toBe(401);
  });

  it('asked fifty times at once, lets one pass', async () => {
    const token = await readToken(caller);
    const dpop = readProof(caller, token);
    const answers = await Promise.all(Array.from({ length: 50 }, () => askAs(caller, token, { dpop })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 401]));
  });
});

describe('I-44, I-41 a gateway that was pointed at /introspect', () => {
  it.each(['GET', 'HEAD', 'POST', 'PUT'])(
    'is never answered 200 with %s and the headers of a request',
    async (method) => {
      const token = await readToken(caller);
      const headers = {
        authorization: `DPoP ${token}`,
        dpop: readProof(caller, token),
        'x-original-method': 'GET',
        'x-original-uri': READ_PATH,
      };
      for (const path of ['/introspect', `/introspect?token=${token}`, '/introspect/orders', '/token']) {
        const { status } = await fetch(`${caller.url}${path}`, { method, headers });
        expect(status).toBeGreaterThanOrEqual(400);
      }
      const form = new URLSearchParams({ token });
      const { status } = await fetch(`${caller.url}/introspect`, { method: 'POST', body: form });
      expect(status).toBe(401);
      expect((await askAs(caller, token)).status).toBe(200);
    },
  );
});
