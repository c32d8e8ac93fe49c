import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { Caller, ID_TOKEN, type Answer } from '../support/deployment/caller.ts';
import { deploy, OTHER_API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { signJwt } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let caller: Caller;
let databaseUrl: string;

beforeAll(async () => {
  ({ url: databaseUrl } = await freshDatabase());
  deployment = await deploy({ databaseUrl, env: { ONCEKEY_LOG_LEVEL: 'trace' } });
  caller = new Caller(deployment);
}, 60_000);
afterAll(() => deployment.stop());
afterEach(() => expectServed(caller));

const errorOf = ({ status, body }: Answer): string => `${status} ${String(body['error'])}`;

it('story 2, I-05, burn: a stranger API cannot spend a token, and is stopped from trying it on', async () => {
  const asStranger = (token: string): Promise<Answer> =>
    caller.introspect(token, {
      client_assertion: caller.serverAssertion('other-api', deployment.keys.otherServer),
    });
  const tried = await caller.token();
  expect((await asStranger(tried)).text).toBe('{"active":false}');
  expect((await asStranger(tried)).text).toBe('{"active":false}');
  expect((await caller.introspect(tried)).body['active']).toBe(true);

  const killed = await caller.token();
  for (let attempt = 0; attempt < 3; attempt++) await asStranger(killed);
  expect((await caller.introspect(killed)).text).toBe('{"active":false}');
});

it.each([
  { name: 'a subject token with may_act', claims: { may_act: { sub: 'agent' } } },
  { name: 'a subject token with act', claims: { act: { sub: 'agent' } } },
  { name: 'a subject token with an act that is no object', claims: { act: 'agent' } },
])('story 3, laundering: refuses $name', async ({ claims }) => {
  const answer = await caller.exchange({ subject_token: deployment.issuerServer.idToken(claims) });
  expect(errorOf(answer)).toBe('400 invalid_request');
});

it('story 3, X-15, X-19, laundering: refuses our own token as subject, and an actor that it does not understand', async () => {
  const token = await caller.token();
  expect(errorOf(await caller.exchange({ subject_token: token }))).toBe('400 invalid_request');
  const type = 'urn:ietf:params:oauth:token-type:access_token';
  expect(errorOf(await caller.exchange({ subject_token: token, subject_token_type: type }))).toBe(
    '400 invalid_request',
  );
  const actor = { actor_token: deployment.issuerServer.idToken({ sub: 'bob' }), actor_token_type: ID_TOKEN };
  expect(errorOf(await caller.exchange(actor))).toBe('400 invalid_request');
  expect((await caller.introspect(token)).body['active']).toBe(true);
});

it.each(['https://evil.test', 'https://evil.test/token'])(
  'story 4, audience injection: refuses an assertion that was made for %s',
  async (aud) => {
    expect(errorOf(await caller.exchange({ client_assertion: caller.assertion({ aud }) }))).toBe(
      '401 invalid_client',
    );
  },
);

it.each([
  { name: 'made for another client', claims: { aud: 'hr-app' } },
  { name: 'made for several clients', claims: { aud: ['desk-app', 'hr-app'], azp: 'desk-app' } },
  { name: 'whose authorized party is another client', claims: { azp: 'hr-app' } },
])('story 5, shared identity provider: refuses an ID token $name', async ({ claims }) => {
  const answer = await caller.exchange({ subject_token: deployment.issuerServer.idToken(claims) });
  expect(errorOf(answer)).toBe('400 invalid_request');
});

describe('story 6, request forgery', () => {
  let trap: Server;
  let caught = 0;
  beforeAll(async () => {
    trap = createServer((_request, response) => {
      caught++;
      response.end('{}');
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => trap.close(resolve)));

  it('asks no address that a token names', async () => {
    const at = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
    const { issuerServer } = deployment;
    const tokens = [
      issuerServer.idToken({ iss: at }),
      issuerServer.idToken({ iss: `${issuerServer.url}@${at.slice(7)}` }),
      issuerServer.idToken({}, { jku: `${at}/jwks`, kid: 'unknown' }),
      issuerServer.idToken({}, { x5u: `${at}/cert`, kid: 'unknown' }),
    ];
    for (const subject_token of tokens) {
      expect(errorOf(await caller.exchange({ subject_token }))).toBe('400 invalid_request');
    }
    expect(caught).toBe(0);
  });
});

it.each([
  'https://api.example/v1/x/../orders/42/refund',
  'https://api.example/v1//orders/42/refund',
  'https://api.example/v1/orders/42/refund/',
  'https://api.example/v1/orders/42/./refund',
  'https://api.example/v1/orders/42%2Frefund',
  'https://api.example/v1/orders/%2e%2e/orders/42/refund',
  'https://api.example/v1/orders/42;x/refund',
  'https://api.example/v1/orders\\42\\refund',
  'https://api.example/v1/Orders/42/refund',
  'https://api.example/v1/orders/42/refund?',
  'https://api.example/v1/orders/42/refund?a=b',
  'https://api.example/v1/orders/42/refund#x',
  'https://u@api.example/v1/orders/42/refund',
  'https://api.example:444/v1/orders/42/refund',
  'https://api.example.evil.test/v1/orders/42/refund',
  'http://api.example/v1/orders/42/refund',
  'https://api.example/v1/orders/42/refund%00',
  'https://api.example/v1/orders/%C0%AE%C0%AE/42/refund',
])('story 7, normalisation gap: a token for the refund does not serve %s', async (http_target_uri) => {
  const token = await caller.token();
  expect((await caller.introspect(token, { http_target_uri })).text).toBe('{"active":false}');
  expect((await caller.introspect(token)).body['active']).toBe(true);
});

it.each([
  'https://api.example:443/v1/orders/42/refund',
  'HTTPS://API.EXAMPLE/v1/orders/42/refund',
  'https://api.example/v1/%6frders/%34%32/refund',
])('I-24, I-29: %s is the same URI', async (http_target_uri) => {
  expect((await caller.introspect(await caller.token(), { http_target_uri })).body['active']).toBe(true);
});

it('story 10, B-08, secrets in logs: no credential reaches a log, however talkative it is, or the database', async () => {
  const canary = 'canary-4f1c';
  const issued = await caller.token();
  const assertion = caller.assertion({ canary });
  const subject = deployment.issuerServer.idToken({ canary });
  const proof = caller.proof({ canary });
  await caller.exchange({ client_assertion: assertion, subject_token: subject }, proof);
  await caller.exchange({
    client_secret: canary,
    client_assertion: undefined,
    client_assertion_type: undefined,
  });
  await caller.post('/token', caller.parameters(), {
    authorization: `Basic ${Buffer.from(`desk:${canary}`).toString('base64')}`,
  });
  await caller.post(`/token?subject_token=${canary}`, caller.parameters({ client_assertion: canary }));
  await caller.introspect(issued, { client_assertion: caller.serverAssertion() });
  await caller.introspect(`once_${canary}`);
  const forged = signJwt({ typ: 'JWT' }, { sub: canary, iss: canary }, caller.device);
  await caller.exchange({ client_assertion: forged });

  const secrets = [
    issued,
    assertion,
    subject,
    proof,
    forged,
    Buffer.from(`desk:${canary}`).toString('base64'),
  ];
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  const { rows } = await database.query<{ event: unknown }>('SELECT event FROM audit_event');
  await database.end();
  const log = deployment.brokers.map(({ node }) => node.output).join('');
  expect(rows.length).toBeGreaterThan(5);
  expect(log.length).toBeGreaterThan(100);
  const everything = log + JSON.stringify(rows);
  const parts = secrets.flatMap((secret) => secret.split('.')).filter((part) => part.length > 60);
  const found = [...secrets, ...parts].filter((secret) => everything.includes(secret));
  expect(found).toEqual([]);
  // Names may be recorded: the client that a refused assertion claimed to be.
  expect(log.replaceAll(/"(callerId|detail)":"[^"]*"/g, '')).not.toContain(canary);
});

it('check 54: a token cannot be had for a place outside the resource', async () => {
  const elsewhere = caller.details({ target_uri: 'https://api.example/v2/orders/42/refund' });
  expect(errorOf(await caller.exchange({ authorization_details: elsewhere }))).toBe(
    '400 invalid_authorization_details',
  );
  const foreign = caller.details({ target_uri: `${OTHER_API}things/1` });
  expect(errorOf(await caller.exchange({ authorization_details: foreign }))).toBe('400 invalid_target');
  const other = caller.details({ locations: [OTHER_API] });
  expect(errorOf(await caller.exchange({ authorization_details: other }))).toBe(
    '400 invalid_authorization_details',
  );
});
