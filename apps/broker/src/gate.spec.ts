import { HeldBack, OAuthError, type IntrospectionAnswer } from '#core';
import { eventually } from '../../../test/support/eventually.ts';
import { rawHttp } from '../../../test/support/raw-http.ts';
import { FORM_TYPE, post, request, tokenForm } from '../../../test/support/raw-requests.ts';
import { serveBrokerEdge, type ServedEdge } from '../../../test/support/serve-broker-edge.ts';
import type { Broker } from './broker.ts';

const ACTIVE: IntrospectionAnswer = { active: true, callerId: 'orders-api', body: { active: true } };
const WITHIN_MS = 20_000;

/** Introspections that end when the test says so. */
function slowBroker() {
  const ends: (() => void)[] = [];
  const introspect: Broker['introspect'] = () =>
    new Promise((resolve) => void ends.push(() => resolve(ACTIVE)));
  return { introspect, ends };
}

const ask = (edge: ServedEdge): ReturnType<typeof rawHttp> => rawHttp(edge.port, post([FORM_TYPE]));

async function stopWith(edge: ServedEdge, ends: (() => void)[]): Promise<void> {
  for (const end of ends.splice(0)) end();
  await edge.stop();
}

describe('R8 more than can be worked on', () => {
  it('is turned away at once, with its body unread and nothing on record, while health is answered', async () => {
    const { introspect, ends } = slowBroker();
    const edge = await serveBrokerEdge({ introspect }, {}, { maxInFlight: 1, maxWaiting: 1 });
    try {
      const first = ask(edge);
      await eventually(() => ends.length === 1, WITHIN_MS);
      const second = ask(edge);
      await eventually(() => edge.load().waiting === 1, WITHIN_MS);

      const away = await ask(edge);
      expect(away.status).toBe(503);
      expect(JSON.parse(away.body)).toEqual({
        error: 'temporarily_unavailable',
        error_description: 'the broker cannot answer now',
      });
      expect(away.headers['retry-after']).toMatch(/^[123]$/);
      expect(away.headers['cache-control']).toBe('no-store');
      expect(edge.recorded).toEqual([]);
      const exchange = await rawHttp(edge.port, post([FORM_TYPE], tokenForm(), '/token'));
      const gateway = await rawHttp(edge.port, request('GET /forward-auth/orders'));
      const event = await rawHttp(edge.port, post([FORM_TYPE], 'x', '/ssf/events'));
      expect([exchange.status, gateway.status, event.status]).toEqual([503, 503, 503]);
      expect(JSON.parse(event.body)).toMatchObject({ err: 'temporarily_unavailable' });
      for (const path of ['/livez', '/readyz', '/jwks']) {
        expect((await rawHttp(edge.port, request(`GET ${path}`))).status).toBe(200);
      }

      ends[0]?.();
      expect((await first).status).toBe(200);
      await eventually(() => ends.length === 2, WITHIN_MS);
      ends[1]?.();
      expect((await second).status).toBe(200);
      const later = ask(edge);
      await eventually(() => ends.length === 3, WITHIN_MS);
      ends[2]?.();
      expect((await later).status).toBe(200);
    } finally {
      await stopWith(edge, ends);
    }
  });

  it('waits no longer than it may for something that does not end', async () => {
    const { introspect, ends } = slowBroker();
    const edge = await serveBrokerEdge({ introspect }, {}, { maxInFlight: 1, maxWaitMs: 20 });
    try {
      const first = ask(edge);
      await eventually(() => ends.length === 1, WITHIN_MS);
      const away = await ask(edge);
      expect([away.status, ends.length]).toEqual([503, 1]);
      expect(away.headers['retry-after']).toMatch(/^[123]$/);
      ends[0]?.();
      expect((await first).status).toBe(200);
    } finally {
      await stopWith(edge, ends);
    }
  });

  it('nobody holds a place by sending slowly', async () => {
    const edge = await serveBrokerEdge({}, {}, { maxInFlight: 1, maxWaiting: 1 });
    try {
      const half = ['POST /introspect HTTP/1.1', 'Host: x', FORM_TYPE, 'Content-Length: 100', '', 'token='];
      const sending = rawHttp(edge.port, half.join('\r\n')).catch((error: unknown) => error);
      for (let asked = 0; asked < 5; asked++) expect((await ask(edge)).status).toBe(200);
      await edge.stop();
      await sending;
    } finally {
      await edge.stop();
    }
  });
});

describe('an address from which too much fails', () => {
  const FEW = { sourceQuota: { requestsPerSecond: 1, burst: 3 } };
  const FOR_LONG = { sourceQuota: { requestsPerSecond: 0.001, burst: 3 } };
  const bad = post([FORM_TYPE], 'token=a&token=a');

  it.each<[string, Partial<Broker>, string]>([
    ['by malformed requests', {}, bad],
    [
      'by failed authentication',
      { introspect: () => Promise.reject(new OAuthError('client.bad_signature')) },
      post([FORM_TYPE]),
    ],
    [
      'by asking as a gateway that it is not',
      { forwardAuth: () => Promise.reject(new OAuthError('gateway.unknown')) },
      request('GET /forward-auth/orders'),
    ],
  ])('%s is not listened to for a while', async (_, pipelines, failing) => {
    const edge = await serveBrokerEdge(pipelines, {}, FEW);
    try {
      const statuses: (number | null)[] = [];
      for (let sent = 0; sent < 3; sent++) statuses.push((await rawHttp(edge.port, failing)).status);
      expect(statuses).not.toContain(429);
      await eventually(async () => {
        const away = await rawHttp(edge.port, post([FORM_TYPE], tokenForm(), '/token'));
        if (away.status === 200) await rawHttp(edge.port, failing);
        else expect([away.status, away.headers['retry-after']]).toEqual([429, '1']);
        return away.status === 429;
      }, WITHIN_MS);
      expect((await rawHttp(edge.port, request('GET /livez'))).status).toBe(200);
      await eventually(async () => {
        const again = await rawHttp(edge.port, post([FORM_TYPE], tokenForm(), '/token'));
        return again.status === 200;
      }, WITHIN_MS);
    } finally {
      await edge.stop();
    }
  });

  it.each<[string, Partial<Broker>, string]>([
    ['good requests', {}, post([FORM_TYPE])],
    [
      'refusals of callers that are known',
      { introspect: () => Promise.reject(new OAuthError('peek.not_allowed')) },
      post([FORM_TYPE]),
    ],
    ['callers over their quota', { introspect: () => Promise.reject(new HeldBack(1)) }, post([FORM_TYPE])],
    [
      'what strangers send through a gateway',
      { forwardAuth: () => Promise.reject(new OAuthError('gateway.malformed')) },
      request('GET /forward-auth/orders'),
    ],
    ['what strangers send to an API', {}, post([FORM_TYPE], `token=${'a'.repeat(65_000)}`)],
  ])('%s count against nobody', async (_, pipelines, sent) => {
    const edge = await serveBrokerEdge(pipelines, {}, { sourceQuota: { requestsPerSecond: 1, burst: 1 } });
    try {
      for (let times = 0; times < 10; times++) await rawHttp(edge.port, sent);
      expect((await rawHttp(edge.port, post([FORM_TYPE], tokenForm(), '/token'))).status).toBe(200);
    } finally {
      await edge.stop();
    }
  });

  it('is the one that a trusted proxy names; others behind it are served', async () => {
    const edge = await serveBrokerEdge({}, { trustedProxies: ['127.0.0.1'] }, FOR_LONG);
    const of = (ip: string, bytes: string[]) =>
      rawHttp(edge.port, post([FORM_TYPE, ...bytes, `X-Forwarded-For: ${ip}`], 'token=a&token=a'));
    try {
      await eventually(async () => (await of('2001:db8::1', [])).status === 429, WITHIN_MS);
      const neighbour = await of('2001:db8:0:0:ffff::2', []);
      const other = await of('2001:db8:0:1::1', []);
      expect([neighbour.status, other.status]).toEqual([429, 400]);
    } finally {
      await edge.stop();
    }
  });
});

it('the only caller of an address hears 429 by the head while it is to wait, and nothing else of that address does', async () => {
  const edge = await serveBrokerEdge(
    {},
    {},
    {},
    { isEmpty: false, waitMs: (source) => (source === '127.0.0.1' ? 1_500 : 0) },
  );
  try {
    const unread = ['POST /token HTTP/1.1', 'Host: x', FORM_TYPE, 'Content-Length: 100', '', 'grant_type='];
    const refused = await rawHttp(edge.port, unread.join('\r\n'));
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '2']);
    expect(JSON.parse(refused.body)).toEqual({
      error: 'temporarily_unavailable',
      error_description: 'too many requests',
    });
    const others = [post([FORM_TYPE], 'token=a', '/revoke'), request('GET /jwks'), request('GET /livez')];
    for (const other of others) expect((await rawHttp(edge.port, other)).status).toBe(200);
    expect([edge.exchanges, edge.recorded]).toEqual([[], []]);
  } finally {
    await edge.stop();
  }
});

it('a caller over its quota hears 429 and when to come back', async () => {
  const edge = await serveBrokerEdge({
    introspect: () => Promise.reject(new OAuthError('quota.exceeded', 'x', { retryAfterSeconds: 2 })),
    forwardAuth: () => Promise.reject(new HeldBack(2)),
  });
  try {
    const answers = [
      await rawHttp(edge.port, post([FORM_TYPE])),
      await rawHttp(edge.port, request('GET /forward-auth/orders')),
    ];
    for (const { status, headers, body } of answers) {
      expect([status, headers['retry-after']]).toEqual([429, '2']);
      expect(JSON.parse(body)).toEqual({
        error: 'temporarily_unavailable',
        error_description: 'too many requests',
      });
    }
  } finally {
    await edge.stop();
  }
});
