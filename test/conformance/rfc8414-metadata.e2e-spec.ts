import { BrokerProcess } from '../support/deployment/broker-process.ts';
import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import { freePort } from '../support/deployment/free-port.ts';

/** RFC 8414, authorization server metadata, and the key set of RFC 7517. */
const broker = useBroker();
const WELL_KNOWN = '/.well-known/oauth-authorization-server';

async function metadata(): Promise<Record<string, unknown>> {
  const response = await fetch(`${broker.deployment.issuer}${WELL_KNOWN}`);
  return (await response.json()) as Record<string, unknown>;
}

it('check 1, RFC 8414 §3.2: the metadata are JSON, and name the issuer byte for byte', async () => {
  const response = await fetch(`${broker.deployment.issuer}${WELL_KNOWN}`);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^application\/json/),
  ]);
  expect(await response.json()).toMatchObject({ issuer: broker.deployment.issuer });
});

it('check 2, RFC 8414 §3.1: an issuer with a path is found behind the well-known part, not in front of it', async () => {
  const issuer = 'https://broker.example/t1';
  const tenant = BrokerProcess.start(await freePort(), { ...broker.deployment.env, ONCEKEY_ISSUER: issuer });
  try {
    await tenant.ready();
    const found = await fetch(`${tenant.url}${WELL_KNOWN}/t1`);
    expect(await found.json()).toMatchObject({ issuer, token_endpoint: `${issuer}/token` });
    for (const path of [`/t1${WELL_KNOWN}`, WELL_KNOWN]) {
      expect((await fetch(`${tenant.url}${path}`)).status).toBe(404);
    }
  } finally {
    await tenant.stop();
  }
});

it('check 3, RFC 8414 §2: the grants are named, each one that is named is known at the token endpoint, and no other', async () => {
  const { grant_types_supported: grants } = await metadata();
  expect([...(grants as string[])].toSorted()).toEqual([
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:deferred',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'urn:ietf:params:oauth:grant-type:token-exchange',
  ]);
  const errorOf = async (grant_type: string): Promise<unknown> => {
    const nothing = { subject_token: undefined, assertion: undefined };
    return (await broker.caller.exchange({ grant_type, ...nothing })).body['error'];
  };
  for (const grant of grants as string[]) expect(await errorOf(grant)).not.toBe('unsupported_grant_type');
  for (const other of ['authorization_code', 'implicit', 'password', 'refresh_token', `${String(grants)}x`]) {
    expect(await errorOf(other)).toBe('unsupported_grant_type');
  }
});

it('check 4, RFC 9700 §2.5: no endpoint takes a shared secret, or nothing, for authentication', async () => {
  const lists = Object.entries(await metadata()).filter(([name]) => name.endsWith('_auth_methods_supported'));
  expect(lists.length).toBeGreaterThan(1);
  for (const [, methods] of lists) {
    expect(methods).toContain('private_key_jwt');
    expect(methods).not.toContainEqual(expect.stringMatching(/^client_secret_|^none$/));
  }
});

it('check 5, RFC 8414 §2: no list of algorithms names none or a symmetric one', async () => {
  const lists = Object.entries(await metadata()).filter(([name]) =>
    name.endsWith('_signing_alg_values_supported'),
  );
  expect(lists.length).toBeGreaterThan(2);
  for (const [, algorithms] of lists) {
    expect(algorithms).toContain('ES256');
    expect(algorithms).not.toContainEqual(expect.stringMatching(/^none$|^HS/i));
  }
});

it('check 6, RFC 8414 §2: the algorithms of client assertions are named for each endpoint that takes them', async () => {
  const found = await metadata();
  const endpoints = Object.keys(found).flatMap(
    (name) => /^(.*_endpoint)_auth_methods_supported$/.exec(name)?.slice(1) ?? [],
  );
  expect(endpoints).toEqual(expect.arrayContaining(['token_endpoint', 'introspection_endpoint']));
  for (const endpoint of endpoints) {
    if (!(found[`${endpoint}_auth_methods_supported`] as string[]).includes('private_key_jwt')) continue;
    expect(found[`${endpoint}_auth_signing_alg_values_supported`]).toContain('ES256');
  }
});

it('Deferred Token Response: who may wait is answered at once where no policy asks for an approval', async () => {
  const denied = { subject_token: broker.deployment.issuerServer.idToken({ groups: [] }) };
  const answer = await broker.caller.exchange({ ...denied, completion_mode: 'deferred' });
  expectError(answer, '400 invalid_authorization_details');
  expect(answer.body).not.toHaveProperty('deferral_code');
  expect((await broker.caller.exchange({ completion_mode: 'deferred' })).status).toBe(200);
});

it('check 8, RFC 7517 §4: each published key has its own kid, a use and an alg, and nothing private', async () => {
  const response = await fetch(`${broker.deployment.issuer}/jwks`);
  const { keys } = (await response.json()) as { keys: Record<string, unknown>[] };
  expect(response.status).toBe(200);
  expect(keys.length).toBeGreaterThan(0);
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
  for (const key of keys) {
    expect(key).toMatchObject({ kid: expect.any(String), use: 'sig', alg: 'ES256' });
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
  }
});

it('RFC 8414 §2: every endpoint that is named exists, and asks who calls', async () => {
  const found = await metadata();
  const endpoints = Object.entries(found).filter(([name]) => name.endsWith('_endpoint'));
  expect(endpoints.length).toBeGreaterThan(1);
  const form = new URLSearchParams({ token: 'x', grant_type: 'client_credentials' });
  const statusOf = async (name: string, url: string): Promise<number> => {
    const json = { headers: { 'content-type': 'application/json' }, body: '{}' };
    const request = name === 'global_token_revocation_endpoint' ? json : { body: form };
    return (await fetch(url, { method: 'POST', ...request })).status;
  };
  for (const [name, url] of endpoints) expect([name, await statusOf(name, String(url))]).toEqual([name, 401]);
  expect(await statusOf('userinfo_endpoint', `${broker.deployment.issuer}/userinfo`)).toBe(404);
});
