import { createHash, generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
import axios from 'axios';
import { Agent, FormData, interceptors, request as undiciRequest } from 'undici';
import {
  answers,
  closeAll,
  grants,
  hangsUp,
  serve,
  standInBroker,
  type Handler,
  type Seen,
} from '../test/stand-ins.ts';
import { oncekeyAxios } from './axios/index.ts';
import { createOncekeyClient, type OncekeyClient } from './oncekey-client.ts';
import { oncekeyUndici } from './undici/index.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const clientKey = { ...privateKey.export({ format: 'jwk' }), kty: 'EC' };

const clientOf = (issuer: string) =>
  createOncekeyClient({
    issuer,
    clientId: 'desk',
    clientKey,
    subjectToken: () => 'id.token.ada',
    timeoutMs: 300,
  });

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: string;
}

/** How software sends a request; resolves to the status of the answer and its text. */
type Send = (client: OncekeyClient, sent: Sent) => Promise<[number, string]>;

const SOFTWARE: Readonly<Record<string, Send>> = {
  axios: async (client, { method, url, body }) => {
    const api = axios.create({ ...oncekeyAxios(client), validateStatus: null, responseType: 'text' });
    const { status, data } = await api.request<string>({
      url,
      method,
      ...(body === undefined ? {} : { data: body, headers: { 'content-type': 'application/json' } }),
    });
    return [status, data];
  },
  undici: async (client, { method, url, body }) => {
    const dispatcher = new Agent().compose(oncekeyUndici(client));
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await undiciRequest(url, { dispatcher, method, headers, body: body ?? null });
    const text = await answer.body.text();
    await dispatcher.close();
    return [answer.statusCode, text];
  },
};

async function api(handler: Handler = answers(200, { done: true })) {
  const calls: Seen[] = [];
  const origin = await serve((seen, response) => {
    calls.push(seen);
    handler(seen, response);
  });
  return { origin, calls };
}

afterEach(closeAll);

describe.each(Object.entries(SOFTWARE))('%s', (_, send) => {
  it('earns each request its own token, for exactly what is sent', async () => {
    const { issuer, exchanges } = await standInBroker([grants]);
    const { origin, calls } = await api();
    const client = clientOf(issuer);
    const body = '{"amount":5}';
    expect(await send(client, { method: 'POST', url: `${origin}/orders/42/refund?a=1`, body })).toEqual([
      200,
      '{"done":true}',
    ]);
    expect(await send(client, { method: 'GET', url: `${origin}/orders/42` })).toEqual([200, '{"done":true}']);

    const digest = createHash('sha256').update(body).digest('base64');
    expect(exchanges.map(({ form }) => JSON.parse(form.get('authorization_details') ?? '')[0])).toMatchObject(
      [
        {
          actions: ['POST'],
          target_uri: `${origin}/orders/42/refund?a=1`,
          content_digest: { 'sha-256': digest },
        },
        { actions: ['GET'], target_uri: `${origin}/orders/42` },
      ],
    );
    expect(calls.map(({ method, url }) => [method, url])).toEqual([
      ['POST', '/orders/42/refund?a=1'],
      ['GET', '/orders/42'],
    ]);
    expect(calls[0]!.body.toString()).toBe(body);
    for (const { headers } of calls) {
      expect(headers).toMatchObject({ authorization: 'DPoP once_abc.def', dpop: expect.any(String) });
    }
    expect(calls[0]!.headers).toMatchObject({
      'content-digest': `sha-256=:${digest}:`,
      'content-type': 'application/json',
    });
  });

  it('calls no API without a token, and says why', async () => {
    const { issuer } = await standInBroker([answers(400, { error: 'invalid_target' }), grants]);
    const { origin, calls } = await api();
    const failure: unknown = await send(clientOf(issuer), { method: 'GET', url: `${origin}/a` }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'invalid_target' });
    expect(calls).toEqual([]);
    expect(await send(clientOf(issuer), { method: 'GET', url: `${origin}/a` })).toMatchObject([
      200,
      '{"done":true}',
    ]);
  });

  it('never repeats a call whose outcome is unknown', async () => {
    const { issuer, exchanges } = await standInBroker([grants]);
    const { origin, calls } = await api(hangsUp);
    await expect(send(clientOf(issuer), { method: 'POST', url: `${origin}/a`, body: '1' })).rejects.toThrow();
    expect([exchanges.length, calls.length]).toEqual([1, 1]);
  });

  it('follows no redirect', async () => {
    const { issuer } = await standInBroker([grants]);
    const { origin, calls } = await api(answers(302, {}, { location: '/elsewhere' }));
    expect(await send(clientOf(issuer), { method: 'GET', url: `${origin}/a` })).toMatchObject([302, '{}']);
    expect(calls).toHaveLength(1);
  });
});

describe('undici', () => {
  it.each([
    { name: 'a stream', body: () => Readable.from(['{"a":', '1}']) },
    { name: 'bytes', body: () => Buffer.from('{"a":1}') },
  ])('sends $name, with a query and headers of any kind', async ({ body }) => {
    const { issuer, exchanges } = await standInBroker([grants]);
    const { origin, calls } = await api();
    const dispatcher = new Agent().compose(oncekeyUndici(clientOf(issuer)));
    for (const headers of [{ 'x-a': ['1', '2'] }, ['x-a', '1', 'x-a', '2'], new Map([['x-a', '1, 2']])]) {
      await undiciRequest(`${origin}/a`, {
        dispatcher,
        method: 'POST',
        query: { q: ['x', 'y'] },
        headers,
        body: body(),
      });
    }
    await dispatcher.close();
    expect(calls.map(({ url, headers, body: sent }) => [url, headers['x-a'], sent.toString()])).toEqual(
      Array(3).fill(['/a?q=x&q=y', '1, 2', '{"a":1}']),
    );
    expect(exchanges).toHaveLength(3);
  });

  it('earns another token for each attempt of what is composed after it', async () => {
    const { issuer, exchanges } = await standInBroker([grants]);
    let asked = 0;
    const { origin } = await api((seen, response) => answers(asked++ === 0 ? 503 : 200, {})(seen, response));
    const dispatcher = new Agent().compose(
      oncekeyUndici(clientOf(issuer)),
      interceptors.retry({ minTimeout: 1 }),
    );
    const { statusCode } = await undiciRequest(`${origin}/a`, { dispatcher });
    await dispatcher.close();
    expect([statusCode, exchanges.length]).toEqual([200, 2]);
  });

  it('refuses a body that it cannot read', async () => {
    const { issuer, exchanges } = await standInBroker([grants]);
    const dispatcher = new Agent().compose(oncekeyUndici(clientOf(issuer)));
    const sent = undiciRequest('http://127.0.0.1:9/a', { dispatcher, method: 'POST', body: new FormData() });
    await expect(sent).rejects.toThrow(TypeError);
    expect(exchanges).toEqual([]);
    await dispatcher.close();
  });
});
