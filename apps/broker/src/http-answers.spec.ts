import { OAuthError, Unavailable } from '#core';
import { rawHttp } from '../../../test/support/raw-http.ts';
import { FORM_TYPE, post, request, tokenForm } from '../../../test/support/raw-requests.ts';
import { REASON_ID, serveBrokerEdge, type ServedEdge } from '../../../test/support/serve-broker-edge.ts';

let edge: ServedEdge;
beforeAll(async () => {
  edge = await serveBrokerEdge();
});
afterAll(() => edge.stop());
beforeEach(() => {
  for (const list of [edge.recorded, edge.exchanges, edge.introspections]) list.splice(0);
});
afterEach(async () => {
  // The positive control: whatever came before, the next good request succeeds.
  expect((await rawHttp(edge.port, post([FORM_TYPE]))).status).toBe(200);
});

describe('H-20, H-22: headers of every answer', () => {
  it.each([
    ['a token', post([FORM_TYPE], tokenForm(), '/token'), 200],
    ['an introspection', post([FORM_TYPE]), 200],
    ['a conditional introspection', post([FORM_TYPE, 'If-None-Match: *', 'Range: bytes=0-1']), 200],
    ['a refusal', post([FORM_TYPE], 'token=a&token=a'), 400],
    ['a wrong method', request('GET /token'), 405],
    ['a wrong path', request('GET /nothing'), 404],
    ['a path with a broken escape', request('GET /%zz'), 404],
    ['a request that is not HTTP', 'x\r\n\r\n', 400],
  ])('%s', async (_, bytes, status) => {
    const { status: got, headers } = await rawHttp(edge.port, bytes);
    expect(got).toBe(status);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-type': expect.stringMatching(/^application\/json/),
    });
    for (const name of ['etag', 'x-powered-by', 'server', 'access-control-allow-origin', 'set-cookie']) {
      expect(headers[name]).toBeUndefined();
    }
  });
});

describe('errors from behind', () => {
  it.each([
    [
      'a refusal that is on record',
      new OAuthError('policy.denied').withReasonId(REASON_ID),
      400,
      'invalid_authorization_details',
      [],
    ],
    ['what did not answer', new Unavailable('the ledger'), 503, 'temporarily_unavailable', []],
    [
      'H-26: a fault of an unknown kind',
      new TypeError('secret detail'),
      500,
      'server_error',
      ['broker.fault'],
    ],
  ])('%s', async (_, thrown, status, error, recorded) => {
    const failing = await serveBrokerEdge({ exchange: () => Promise.reject(thrown) });
    try {
      const answer = await rawHttp(failing.port, post([FORM_TYPE], tokenForm(), '/token'));
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toMatchObject({ error });
      expect(answer.text).not.toContain('secret detail');
      expect(failing.recorded.map(({ reason }) => reason)).toEqual(recorded);
      expect(answer.headers['retry-after']).toBe(status === 503 ? '1' : undefined);
      if (status !== 503) expect(answer.headers['oncekey-reason-id']).toBe(REASON_ID);
    } finally {
      await failing.stop();
    }
  });

  it.each([
    ['without Authorization: no challenge', [], undefined],
    ['with Authorization: a challenge', ['Authorization: Basic YTpi'], 'Basic realm="oncekey"'],
    ['with a bearer token: a challenge of its scheme', ['Authorization: bearer x'], 'Bearer realm="oncekey"'],
    ['with a scheme of its own: no other is offered', ['Authorization: Bearers x'], 'Basic realm="oncekey"'],
  ])('D2: a 401 %s', async (_, headers, challenge) => {
    const failing = await serveBrokerEdge({
      introspect: () => Promise.reject(new OAuthError('client.missing')),
    });
    try {
      const answer = await rawHttp(failing.port, post([FORM_TYPE, ...headers]));
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, challenge]);
    } finally {
      await failing.stop();
    }
  });
});

describe('H-12: who called', () => {
  const forwarded = ['X-Forwarded-For: 203.0.113.9', 'Forwarded: for=203.0.113.8', 'X-Real-IP: 203.0.113.7'];

  it('is the peer, whatever it says of itself', async () => {
    await rawHttp(edge.port, post([FORM_TYPE, ...forwarded], tokenForm(), '/token'));
    expect(edge.exchanges[0]?.observed.ip).toBe('127.0.0.1');
  });

  it('is whom a trusted proxy names', async () => {
    const behindProxy = await serveBrokerEdge({}, { trustedProxies: ['127.0.0.0/8'] });
    try {
      await rawHttp(behindProxy.port, post([FORM_TYPE, ...forwarded], tokenForm(), '/token'));
      expect(behindProxy.exchanges[0]?.observed.ip).toBe('203.0.113.9');
    } finally {
      await behindProxy.stop();
    }
  });
});
