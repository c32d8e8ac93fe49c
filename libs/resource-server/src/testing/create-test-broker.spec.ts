import Fastify, { type FastifyInstance } from 'fastify';
import { oncekeyFastify } from '../fastify/oncekey-fastify.ts';
import { grantOf } from '../grant-of.ts';
import { createTestBroker, type TestBroker, type TestOperation } from './create-test-broker.ts';

const REFUND = {
  method: 'POST',
  url: '/orders/42/refund?notify=1',
  body: '{"cents":5}',
  operation: 'orders.refund',
} as const satisfies TestOperation;

let broker: TestBroker;
let api: FastifyInstance;

beforeEach(async () => {
  broker = createTestBroker();
  api = Fastify();
  await api.register(oncekeyFastify, { guard: broker.guard });
  api.all('/orders/:id/refund', { config: { oncekey: { operation: 'orders.refund' } } }, grantOf);
});
afterEach(() => api.close());

interface Sent {
  readonly method?: 'POST' | 'PUT';
  readonly url?: string;
  readonly payload?: string;
  readonly headers: Readonly<Record<string, string>>;
}

const send = ({ method = 'POST', url = REFUND.url, payload = REFUND.body, headers }: Sent) =>
  api.inject({ method, url, payload, headers: { 'content-type': 'application/json', ...headers } });

describe('createTestBroker', () => {
  it('mints a token that is spent by the request it is for', async () => {
    const actors = [{ issuer: 'https://idp.test', subject: 'agent' }];
    const headers = broker.credentialsFor({ ...REFUND, subject: 'bob', actors, acr: 'phr', authTime: 5 });
    const answer = await send({ headers });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200,
      { subject: 'bob', actors, acr: 'phr', authTime: 5, operation: 'orders.refund', method: 'POST' },
    ]);
    expect(broker.spent()).toBe(1);
  });

  it.each<{
    name: string;
    change: Partial<Sent>;
    operation?: Partial<TestOperation>;
    later?: number;
    status: number;
  }>([
    { name: 'another method', change: { method: 'PUT' }, status: 401 },
    { name: 'another URL', change: { url: '/orders/43/refund?notify=1' }, status: 401 },
    { name: 'another query', change: { url: '/orders/42/refund' }, status: 401 },
    { name: 'another body', change: { payload: '{"cents":6}' }, status: 401 },
    { name: 'another proof', change: { headers: { dpop: 'a.b.c' } }, status: 401 },
    { name: 'another host', change: { headers: { host: 'evil.example' } }, status: 400 },
    {
      name: 'a token of another operation',
      change: {},
      operation: { operation: 'orders.read' },
      status: 403,
    },
    { name: 'a token without a key', change: {}, operation: { bearer: true }, status: 401 },
    { name: 'a token at its last instant', change: {}, later: 15, status: 401 },
  ])('refuses $name', async ({ change, operation, later = 0, status }) => {
    const headers = broker.credentialsFor({ ...REFUND, ...operation });
    broker.advanceSeconds(later);
    const answer = await send({ ...change, headers: { ...headers, ...change.headers } });
    expect(answer.statusCode).toBe(status);
    expect((await send({ headers: broker.credentialsFor(REFUND) })).statusCode).toBe(200);
  });

  it('spends a token once, also of two requests at the same time', async () => {
    const headers = broker.credentialsFor(REFUND);
    const answers = await Promise.all([send({ headers }), send({ headers })]);
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 401]);
  });

  it('plays a broker that does not answer', async () => {
    const headers = broker.credentialsFor(REFUND);
    broker.setUnavailable(true);
    expect((await send({ headers })).statusCode).toBe(503);
    broker.setUnavailable(false);
    expect((await send({ headers })).statusCode).toBe(200);
  });

  it('mints nothing for another origin', () => {
    expect(() => broker.credentialsFor({ url: 'https://evil.example/' })).toThrow(TypeError);
  });
});
