import fc from 'fast-check';
import { startAdministration, type Administration } from '../support/deployment/admin-process.ts';
import type { Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { IssuerServer } from '../support/deployment/issuer-server.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { announce, check } from './fuzz-runs.ts';
import { jsonMutation, mutateJson } from './mutate-json.ts';
import { mutateText, textMutation } from './mutate-text.ts';

let deployment: Deployment;
let administration: Administration;
/** Its metadata are looked up when it is registered. */
let provider: IssuerServer;

beforeAll(async () => {
  announce();
  provider = await IssuerServer.start();
  deployment = await deploy({ databaseUrl: (await freshDatabase()).url });
  administration = await startAdministration(deployment);
});
afterAll(async () => {
  await administration?.stop();
  await deployment?.stop();
  await provider?.stop();
});

const JWKS = { keys: [makeSigningKey().publicJwk] };
const SECONDS = 60;
const REVOKED = { issuer: 'https://elsewhere.example', subject: 'robot' };

const PLACES = [
  '/clients',
  '/resource-servers',
  '/identity-providers',
  '/event-transmitters',
  '/devices',
  '/role-bindings',
  '/policies',
  '/operations',
  '/revocations',
  '/revocations/lift',
] as const;
type Place = (typeof PLACES)[number];

/** Good documents, by where they are created. */
const DOCUMENTS = (): Readonly<Record<Place, object>> => ({
  '/clients': {
    client_id: 'robot',
    jwks: JWKS,
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
    max_assertion_seconds: SECONDS,
  },
  '/resource-servers': {
    id: 'robots',
    client_id: 'robots-api',
    resource: 'https://robots.example/',
    jwks: JWKS,
  },
  '/identity-providers': { id: 'robots', issuer: provider.url, groups_claim: 'groups' },
  '/event-transmitters': { id: 'robots', issuer: 'https://mdm.robots.example' },
  '/devices': {
    id: 'robot',
    owner: { issuer: 'https://idp.example', subject: 'ada' },
    keys: [makeSigningKey().thumbprint],
    platform: 'linux',
  },
  '/role-bindings': { id: 'robot', role: 'auditor', group: 'corp:robots' },
  '/policies': {
    id: 'robot',
    cedar: 'permit (principal, action == Action::"orders.read", resource == Api::"orders");',
  },
  '/operations': { id: 'orders.robot', api: 'orders', method: 'GET', path: '/robots/{id}', tags: ['read'] },
  '/revocations': { ...REVOKED, block: true },
  '/revocations/lift': REVOKED,
});
const place = fc.constantFrom(...PLACES);

/** Never a fault, and an error is told as RFC 9457 has it. What was created is taken away again. */
async function expectNoFault(at: Place, answer: Answer): Promise<void> {
  if (answer.status >= 500) throw new Error(`answered ${answer.status}: ${answer.text.slice(0, 300)}`);
  expect(answer.text).not.toMatch(/\bat [\w.<>]+ \(|SELECT |node_modules/);
  if (answer.status === 201) {
    const path = answer.headers.get('location')?.replace(/^.*\/admin\/v1/, '') ?? at;
    expect((await administration.admin.delete(path, answer.headers.get('etag') ?? '')).status).toBe(204);
    return;
  }
  // What is revoked stays so, and creates nothing.
  if (answer.status === 200 && at.startsWith('/revocations')) return;
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
}

it.each(PLACES)('a good document at %s is taken', async (at) => {
  const answer = await administration.admin.post(at, DOCUMENTS()[at]);
  const status = at.startsWith('/revocations') ? 200 : 201;
  expect([answer.status, answer.text]).toEqual([status, answer.text]);
  await expectNoFault(at, answer);
});

it('documents with changed members: never a fault', async () => {
  await check(
    fc.asyncProperty(place, jsonMutation, async (at, change) => {
      const changed = mutateJson(JSON.stringify(DOCUMENTS()[at]), change);
      await expectNoFault(at, await administration.admin.post(at, changed));
    }),
  );
});

it('documents with changed text: never a fault', async () => {
  const changes = fc.array(textMutation, { minLength: 1, maxLength: 3 });
  await check(
    fc.asyncProperty(place, changes, async (at, mutations) => {
      const changed = mutations.reduce(mutateText, JSON.stringify(DOCUMENTS()[at]));
      await expectNoFault(at, await administration.admin.post(at, changed));
    }),
  );
});
