import type { AddressInfo } from 'node:net';
import { createLogger, type Readiness } from '#http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { rawHttp } from '../../../test/support/raw-http.ts';
import { request } from '../../../test/support/raw-requests.ts';
import { readAdminConfiguration } from './config.ts';
import { createApp } from './create-app.ts';
import { writeAdminDocument } from './openapi/admin-document.ts';
import { partialWiring } from './partial-wiring.ts';
import { ADMIN_STATE } from './ports.ts';

const URLS = { ONCEKEY_ISSUER: 'https://broker.example', ONCEKEY_ADMIN_URL: 'https://admin.example' };

let readiness: Readiness;
let app: NestFastifyApplication;
let port: number;
beforeAll(async () => {
  const state = { readiness: async () => readiness };
  app = await createApp(
    partialWiring({ [ADMIN_STATE]: state }),
    'https://admin.example',
    createLogger({ name: 'admin', level: 'silent', secrets: [] }, { write: () => undefined }),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  port = (app.getHttpServer().address() as AddressInfo).port;
});
afterAll(() => app.close());
beforeEach(() => {
  readiness = { ready: true, checks: { database: 'ok' } };
});

it.each([
  ['GET /livez', 200],
  ['GET /readyz', 200],
  ['GET /openapi.json', 200],
  ['POST /livez', 405],
  ['OPTIONS /readyz', 405],
  ['GET /LIVEZ', 404],
  ['GET /livez/', 404],
  ['GET /', 404],
])('%s is %i', async (line, status) => {
  const answer = await rawHttp(port, request(line));
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  if (status >= 400) {
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'about:blank', status });
  }
  expect(answer.headers['allow']).toBe(status === 405 ? 'GET, HEAD' : undefined);
});

it('is not ready without its database', async () => {
  readiness = { ready: false, checks: { database: 'unreachable' } };
  expect((await rawHttp(port, request('GET /readyz'))).status).toBe(503);
});

it('describes each registration and nothing without a name', async () => {
  const { paths } = await writeAdminDocument();
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/livez', '/admin/v1/clients', '/admin/v1/clients/{id}', '/admin/v1/enrolment']),
  );
  const operations = Object.values(paths).flatMap((path) => Object.values(path as Record<string, object>));
  expect(operations.filter((operation) => !('operationId' in operation))).toEqual([]);
});

it('reads its own port', () => {
  const environment = { DATABASE_URL: 'postgres://a:b@c/d', ONCEKEY_ADMIN_PORT: '9', ...URLS };
  expect(readAdminConfiguration(environment)).toMatchObject({ port: 9, host: '127.0.0.1' });
  expect(() => readAdminConfiguration({ ...environment, ONCEKEY_ADMIN_PORT: 'x' })).toThrow(
    'ONCEKEY_ADMIN_PORT must be',
  );
});

it.each(['ONCEKEY_ISSUER', 'ONCEKEY_ADMIN_URL'])('%s is plain http on a developer machine alone', (name) => {
  const plain = { DATABASE_URL: 'postgres://a:b@c/d', ...URLS, [name]: 'http://127.0.0.1:9' };
  expect(() => readAdminConfiguration(plain)).toThrow(`${name} must be an https URL`);
  expect(() => readAdminConfiguration({ ...plain, [name]: undefined })).toThrow(`${name} is not set`);
  expect(readAdminConfiguration({ ...plain, ONCEKEY_DEVELOPMENT: 'true' })).toBeDefined();
});
