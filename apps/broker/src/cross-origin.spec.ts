import { Unavailable } from '#core';
import { rawHttp } from '../../../test/support/raw-http.ts';
import { FORM_TYPE, GOOD, post, request, tokenForm } from '../../../test/support/raw-requests.ts';
import { APP_ORIGIN, serveBrokerEdge, type ServedEdge } from '../../../test/support/serve-broker-edge.ts';

const METADATA = '/.well-known/oauth-authorization-server';
const ALLOWED = 'access-control-allow-origin';
const asks = (method: string, origin = APP_ORIGIN): string[] => [
  `Origin: ${origin}`,
  `Access-Control-Request-Method: ${method}`,
  'Access-Control-Request-Headers: content-type,dpop',
];

let edge: ServedEdge;
let isDown = false;
beforeAll(async () => {
  edge = await serveBrokerEdge({
    publishedKeys: () => {
      if (isDown) throw new Unavailable('the key ring');
      return { keys: [] };
    },
  });
});
afterAll(() => edge.stop());
beforeEach(() => {
  isDown = false;
  edge.exchanges.splice(0);
});
afterEach(async () => {
  // The positive control: a page of the registered origin may do it.
  const { status, headers } = await rawHttp(edge.port, request('OPTIONS /token', asks('POST')));
  expect([status, headers[ALLOWED]]).toEqual([204, APP_ORIGIN]);
});

describe('H-21: pages of other origins', () => {
  it.each([
    { path: '/token', method: 'POST', methods: 'POST' },
    { path: METADATA, method: 'GET', methods: 'GET, HEAD' },
    { path: '/jwks', method: 'GET', methods: 'GET, HEAD' },
  ])('may ask for $path when their origin is registered', async ({ path, method, methods }) => {
    const { status, headers, body } = await rawHttp(edge.port, request(`OPTIONS ${path}`, asks(method)));
    expect([status, body]).toEqual([204, '']);
    expect(headers).toMatchObject({
      [ALLOWED]: APP_ORIGIN,
      'access-control-allow-methods': methods,
      'access-control-allow-headers':
        'Content-Type, DPoP, OAuth-Client-Attestation, OAuth-Client-Attestation-PoP',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('read the answer, and the headers that they go on with', async () => {
    const { status, headers } = await rawHttp(
      edge.port,
      post([FORM_TYPE, `Origin: ${APP_ORIGIN}`], tokenForm(), '/token'),
    );
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      [ALLOWED]: APP_ORIGIN,
      'access-control-expose-headers': 'DPoP-Nonce, Oncekey-Reason-Id, Retry-After',
      'dpop-nonce': 'next-nonce',
      vary: 'Origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it.each([
    {
      name: 'a refusal',
      sent: post([FORM_TYPE, `Origin: ${APP_ORIGIN}`], 'nonsense', '/token'),
      status: 400,
    },
    { name: 'a wrong method', sent: request('GET /token', [`Origin: ${APP_ORIGIN}`]), status: 405 },
  ])('read $name too', async ({ sent, status }) => {
    const answer = await rawHttp(edge.port, sent);
    expect([answer.status, answer.headers[ALLOWED]]).toEqual([status, APP_ORIGIN]);
  });

  it('read that it cannot be decided now', async () => {
    isDown = true;
    const { status, headers } = await rawHttp(edge.port, request('GET /jwks', [`Origin: ${APP_ORIGIN}`]));
    expect([status, headers[ALLOWED]]).toEqual([503, APP_ORIGIN]);
  });

  it.each([
    'https://evil.example',
    'null',
    `${APP_ORIGIN}.evil.example`,
    `${APP_ORIGIN}:443`,
    'http://app.example',
    'https://APP.example',
    `${APP_ORIGIN}/`,
    '',
  ])('may nothing when their origin is %j', async (origin) => {
    const preflight = await rawHttp(edge.port, request('OPTIONS /token', asks('POST', origin)));
    expect(preflight.status).toBe(405);
    const read = await rawHttp(edge.port, request(`GET ${METADATA}`, [`Origin: ${origin}`]));
    expect([read.status, read.headers['vary']]).toEqual([200, 'Origin']);
    const sent = await rawHttp(edge.port, post([FORM_TYPE, `Origin: ${origin}`], tokenForm(), '/token'));
    for (const { text } of [preflight, read, sent]) {
      expect(text.toLowerCase()).not.toContain('access-control');
    }
  });

  it.each([
    '/introspect',
    '/revoke',
    '/global-token-revocation',
    '/ssf/events',
    '/livez',
    '/readyz',
    '/openapi.json',
  ])('may nothing at %s, registered or not', async (path) => {
    const preflight = await rawHttp(edge.port, request(`OPTIONS ${path}`, asks('POST')));
    const sent = await rawHttp(edge.port, post([FORM_TYPE, `Origin: ${APP_ORIGIN}`], GOOD, path));
    expect(preflight.status).toBe(405);
    for (const { text } of [preflight, sent]) expect(text.toLowerCase()).not.toContain('access-control');
  });

  it.each([
    { name: 'with two origins', headers: [...asks('POST'), 'Origin: https://evil.example'] },
    { name: 'for another method', headers: asks('DELETE') },
    { name: 'for no method', headers: [`Origin: ${APP_ORIGIN}`] },
  ])('get no preflight $name', async ({ headers }) => {
    const answer = await rawHttp(edge.port, request('OPTIONS /token', headers));
    expect(answer.status).toBe(405);
    expect(answer.headers).not.toHaveProperty('access-control-allow-methods');
    expect(edge.exchanges).toEqual([]);
  });
});
