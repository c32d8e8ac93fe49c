import type { AddressInfo } from 'node:net';
import { ADMIN_API_ID, Unavailable, type AuditEvent } from '#core';
import { createLogger } from '#http';
import type { Decision, GuardedRequest } from '#resource-server';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { rawHttp } from '../../../../test/support/raw-http.ts';
import { request } from '../../../../test/support/raw-requests.ts';
import { createApp } from '../create-app.ts';
import { partialWiring } from '../partial-wiring.ts';
import { ADMIN_STORE, TOKEN_GUARD } from '../ports.ts';

const ISSUER = 'https://idp.example';
const GRANTED = {
  granted: true,
  grant: { subject: 'ada', subjectIssuer: ISSUER, clientId: 'cli', transactionId: 'txn-1' },
} as Decision;
const DECISION = {
  question: {
    principal: { issuer: ISSUER, subject: 'ada', groups: [], email: null },
    action: 'admin.clients.list',
    resource: ADMIN_API_ID,
  },
} as unknown as AuditEvent;

let decision: Decision;
let recorded: AuditEvent | null | Error;
let asked: GuardedRequest[];
let listed: number;
let app: NestFastifyApplication;
let port: number;

beforeAll(async () => {
  const guard = {
    check: async (one: GuardedRequest) => {
      asked.push(one);
      return decision;
    },
  };
  const store = {
    decisionOf: async () => {
      if (recorded instanceof Error) throw recorded;
      return recorded;
    },
    list: async () => {
      listed++;
      return { items: [], next: null };
    },
  };
  const log = createLogger({ name: 'admin', level: 'silent', secrets: [] }, { write: () => undefined });
  app = await createApp(
    partialWiring({ [TOKEN_GUARD]: guard, [ADMIN_STORE]: store }),
    'https://admin.example/base',
    log,
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  port = (app.getHttpServer().address() as AddressInfo).port;
});
afterAll(() => app.close());
beforeEach(() => {
  [decision, recorded, asked, listed] = [GRANTED, DECISION, [], 0];
});

const list = () => rawHttp(port, request('GET /base/admin/v1/clients?limit=2', ['X-Twice: a', 'X-Twice: b']));

it('asks about the request as it came on the wire', async () => {
  expect((await list()).status).toBe(200);
  expect(asked).toEqual([
    {
      method: 'GET',
      rawUrl: '/base/admin/v1/clients?limit=2',
      rawHeaders: expect.arrayContaining(['X-Twice', 'a', 'X-Twice', 'b']),
      rawBody: Buffer.alloc(0),
    },
  ]);
});

const refused = (status: 400 | 401 | 413 | 503): Decision => ({
  granted: false,
  refusal: {
    reason: 'inactive',
    status,
    headers: status === 401 ? { 'www-authenticate': 'DPoP error="invalid_token"' } : {},
    body: { error: 'x', error_description: 'says why' },
    cause: null,
  },
});

it.each<[string, () => void, number, string]>([
  ['no token for it', () => (decision = refused(401)), 401, 'admin.unauthorized'],
  ['what cannot be read as one', () => (decision = refused(400)), 401, 'admin.unauthorized'],
  ['a broker that is away', () => (decision = refused(503)), 503, 'admin.unavailable'],
  ['a decision that is not on record', () => (recorded = null), 503, 'admin.unavailable'],
  ['a log that cannot be read', () => (recorded = new Unavailable('down')), 503, 'admin.unavailable'],
  [
    'a decision about somebody else',
    () => {
      const question = DECISION.question;
      if (question === undefined) throw new Error('there is no question');
      const principal = { ...question.principal, subject: 'eve' };
      recorded = { ...DECISION, question: { ...question, principal } };
    },
    503,
    'admin.unavailable',
  ],
])('%s: nothing is done', async (_, change, status, reason) => {
  change();
  const answer = await list();
  expect([answer.status, (JSON.parse(answer.body) as { type: string }).type]).toEqual([
    status,
    `urn:oncekey:problem:${reason}`,
  ]);
  expect(answer.headers['www-authenticate']).toEqual(
    status === 401 ? expect.stringMatching(/^DPoP /) : undefined,
  );
  expect(answer.headers['retry-after']).toBe(status === 503 ? '1' : undefined);
  expect(listed).toBe(0);
});

it.each(['GET /admin/v1/clients', 'HEAD /base/admin/v1/clients', 'GET /base/admin/v1/clients/'])(
  '%s is not served, and nobody is asked',
  async (line) => {
    expect([404, 405]).toContain((await rawHttp(port, request(line))).status);
    expect(asked).toEqual([]);
  },
);

it.each(['GET /livez', 'GET /openapi.json'])('%s needs no token', async (line) => {
  decision = refused(401);
  expect((await rawHttp(port, request(line))).status).toBe(200);
  expect(asked).toEqual([]);
});
