import { createHash, generateKeyPairSync } from 'node:crypto';
import { rawHttp } from '../../../test/support/raw-http.ts';
import { createGuard } from '../src/guard.ts';
import type { GuardSettings } from '../src/guard-settings.ts';
import type { Guard } from '../src/guard-with.ts';
import {
  accepts,
  closeAll,
  hangsUp,
  refuses,
  RESOURCE,
  standInBroker,
  type Handler,
} from './stand-in-broker.ts';
import { bound, bytesOf, HOSTILE, METADATA_PATH, PACKED } from './hostile-requests.contract.ts';

/**
 * An API on an adapter: `/orders` for each method and `/refunds`, which is `orders.refund`, answer
 * `{ subject, body }` with the content as the handler read it. Bodies of 1000 bytes at most.
 */
interface RunningApi {
  readonly port: number;
  /** Of the handlers. */
  served(): number;
  stop(): Promise<void>;
}

export interface AdapterUnderTest {
  readonly start: (guard: Guard) => Promise<RunningApi>;
  readonly makeGuard?: (settings: GuardSettings) => Guard;
  /** Does the server take a request target in absolute form apart before the adapter sees it? */
  readonly hidesAbsoluteForm?: true;
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const digestOf = (content: string | Buffer): string =>
  `sha-256=:${createHash('sha256').update(content).digest('base64')}:`;

/** A broker for tokens bound to a key: each is good once, `once_dead` never, `once_read` is for reading. */
function singleUse(): Handler {
  const spent = new Set<string>();
  return (asked, response) => {
    const token = asked.form.get('token') ?? '';
    const isGood = token !== 'once_dead' && asked.form.has('dpop_proof') && !spent.has(token);
    spent.add(token);
    (isGood ? accepts({ scope: token === 'once_read' ? 'orders.read' : 'orders.refund' }) : refuses)(
      asked,
      response,
    );
  };
}

/** What holds for every adapter, over a socket and against a broker that answers over HTTP. */
export function describeAdapter(
  name: string,
  { start, makeGuard, hidesAbsoluteForm }: AdapterUnderTest,
): void {
  describe(`${name} as an adapter`, () => {
    let stops: (() => void | Promise<void>)[] = [];
    afterEach(async () => {
      for (const stop of stops) await stop();
      stops = [];
      await closeAll();
    });

    async function run(handlers: readonly Handler[], settings: Partial<GuardSettings> = {}) {
      const broker = await standInBroker(handlers);
      const flagged: string[] = [];
      const all: GuardSettings = {
        issuer: broker.issuer,
        clientId: 'orders-api',
        resource: RESOURCE,
        timeoutMs: 1000,
        onRefusal: ({ reason }) => flagged.push(reason),
        ...settings,
      };
      const guard = makeGuard?.(all) ?? createGuard({ ...all, privateKey });
      const api = await start(guard);
      stops.push(
        () => api.stop(),
        () => guard.close(),
      );
      return { ...broker, api, flagged, send: (bytes: Buffer) => rawHttp(api.port, bytes) };
    }

    it.each(HOSTILE)('$name', async ({ request, acceptBearer, status, challenge, asked: times }) => {
      const { api, asked, flagged, send } = await run([singleUse()], acceptBearer ? { acceptBearer } : {});
      const answer = await send(request);
      expect(status).toContain(answer.status);
      if (challenge !== undefined) expect(answer.headers['www-authenticate']).toMatch(challenge);
      expect(asked.map(({ path }) => path)).toEqual(Array.from({ length: times }, () => '/introspect'));
      expect(api.served()).toBe(0);
      expect(flagged.includes('token_in_query')).toBe(request.includes('?access_token='));

      const control = await send(bytesOf({ credentials: bound('once_other') }));
      expect([control.status, api.served()]).toEqual([200, 1]);
    });

    if (hidesAbsoluteForm !== true) {
      it('I-36 a request target in absolute form that disagrees with Host is refused', async () => {
        const { api, send } = await run([singleUse()]);
        const refused = await send(bytesOf({ line: 'POST https://evil.example/orders HTTP/1.1' }));
        expect([refused.status, api.served()]).toEqual([400, 0]);
        const control = await send(bytesOf({ line: 'POST https://api.example/orders HTTP/1.1' }));
        expect(control.status).toBe(200);
      });
    }

    it('a token is good once', async () => {
      const { api, send } = await run([singleUse()]);
      const answers = await Promise.all([send(bytesOf({})), send(bytesOf({}))]);
      expect(answers.map(({ status }) => status ?? 0).toSorted((a, b) => a - b)).toEqual([200, 401]);
      expect(api.served()).toBe(1);
    });

    it.each<{ name: string; request: Buffer; digest: string | null; body?: string }>([
      {
        name: 'of one piece',
        request: bytesOf({ body: '{ "a": 1 }' }),
        digest: digestOf('{ "a": 1 }'),
        body: '{ "a": 1 }',
      },
      {
        name: 'I-38 in chunks',
        request: bytesOf({ more: ['Transfer-Encoding: chunked'], body: '3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n' }),
        digest: digestOf('[1,2]'),
        body: '[1,2]',
      },
      {
        name: 'I-38 that is packed',
        request: bytesOf({ more: ['Content-Encoding: gzip'], body: PACKED }),
        digest: digestOf(PACKED),
      },
      { name: 'of no bytes', request: bytesOf({ body: '' }), digest: null, body: '' },
    ])('the token is spent for the bytes that came: a body $name', async ({ request, digest, body }) => {
      const { asked, send } = await run([singleUse()]);
      const answer = await send(request);
      expect(asked[0]?.form.get('content_digest')).toBe(digest);
      expect(answer.status).toBe(200);
      if (body !== undefined) expect(answer.body).toContain(JSON.stringify({ subject: 'ada', body }));
    });

    it('I-21 the broker is told the method and the URL that are served, whatever headers say', async () => {
      const { asked, send } = await run([singleUse()]);
      const more = [
        'X-HTTP-Method-Override: DELETE',
        'X-Forwarded-Host: evil.example',
        'X-Original-URL: /admin',
      ];
      const answer = await send(bytesOf({ line: 'POST /orders?a=b%2F&a=1 HTTP/1.1', more }));
      expect(answer.status).toBe(200);
      expect(Object.fromEntries(asked[0]?.form ?? [])).toMatchObject({
        http_method: 'POST',
        http_target_uri: 'https://api.example/orders?a=b%2F&a=1',
      });
    });

    it('behind a proxy the public origin is the one that the proxy names, and no other', async () => {
      const { api, send } = await run([singleUse()], { trustProxy: true });
      const host = 'Host: inner:8080';
      const more = (outer: string) => [`X-Forwarded-Host: ${outer}`, 'X-Forwarded-Proto: https'];
      expect((await send(bytesOf({ host, more: more('evil.example') }))).status).toBe(400);
      expect((await send(bytesOf({ host, more: more('api.example, evil.example') }))).status).toBe(400);
      expect(api.served()).toBe(0);
      expect((await send(bytesOf({ host, more: more('api.example') }))).status).toBe(200);
    });

    it('a lost answer of the broker is asked for again under the same key, and the request is served once', async () => {
      const { api, asked, send } = await run([hangsUp, accepts()]);
      expect((await send(bytesOf({}))).status).toBe(200);
      expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
      expect([asked.length, api.served()]).toEqual([2, 1]);
    });

    it.each<{ name: string; handler: Handler }>([
      { name: 'a broker that does not answer', handler: hangsUp },
      { name: 'an answer about another URI', handler: accepts({ htu: 'https://api.example/other' }) },
    ])('$name lets nobody through, with 503', async ({ handler }) => {
      const { api, send } = await run([handler]);
      const answer = await send(bytesOf({}));
      expect([answer.status, answer.headers['retry-after'], api.served()]).toEqual([503, '1', 0]);
    });

    it('a route takes a token that was judged as its own operation', async () => {
      const { send } = await run([singleUse()]);
      expect((await send(bytesOf({ line: 'POST /refunds HTTP/1.1' }))).status).toBe(200);
    });

    it('RFC 9728 §3: the resource metadata is read without a token', async () => {
      const { issuer, send } = await run([singleUse()]);
      const read = (method: string) =>
        send(
          Buffer.from(
            `${method} ${METADATA_PATH} HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n`,
          ),
        );
      const answer = await read('GET');
      expect([answer.status, JSON.parse(answer.body)]).toEqual([
        200,
        {
          resource: RESOURCE,
          authorization_servers: [issuer],
          bearer_methods_supported: ['header'],
          dpop_signing_alg_values_supported: ['ES256', 'PS256', 'EdDSA'],
          dpop_bound_access_tokens_required: true,
          authorization_details_types_supported: ['http_operation'],
        },
      ]);
      const head = await read('HEAD');
      expect([head.status, head.body]).toEqual([200, '']);
    });
  });
}
