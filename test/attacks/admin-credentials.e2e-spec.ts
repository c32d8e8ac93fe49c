import {
  enrolmentCode,
  startAdministration,
  startAdminProcess,
  type Administration,
} from '../support/deployment/admin-process.ts';
import { AdminCaller } from '../support/deployment/admin-caller.ts';
import { Caller, type Answer } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { Records } from '../support/deployment/records.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { rawHttp } from '../support/raw-http.ts';

let deployment: Deployment;
let administration: Administration;
let records: Records;
let databaseUrl: string;

beforeAll(async () => {
  ({ url: databaseUrl } = await freshDatabase());
  deployment = await deploy({ databaseUrl });
  administration = await startAdministration(deployment);
  records = await Records.open(databaseUrl);
}, 60_000);
afterAll(async () => {
  await records?.close();
  await administration?.stop();
  await deployment?.stop();
});

/** The positive control: an honest admin is served. */
afterEach(async () => {
  expect((await administration.admin.get('/clients')).status).toBe(200);
});

function expectUnauthorized(answer: Answer): void {
  expect([answer.status, answer.body['type']]).toEqual([401, 'urn:oncekey:problem:admin.unauthorized']);
  expect(answer.headers.get('www-authenticate')).toMatch(/^DPoP /);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  expect(answer.headers.get('set-cookie')).toBeNull();
  expect(answer.headers.get('etag')).toBeNull();
}

const body = (clientId: string): object => ({
  client_id: clientId,
  jwks: { keys: [makeSigningKey().publicJwk] },
  identity_providers: [],
  resource_servers: ['orders'],
});

describe('P-28: what is no token for this very request', () => {
  it.each<[string, () => Record<string, string> | Promise<Record<string, string>>]>([
    ['nothing', () => ({})],
    ['a cookie', () => ({ Cookie: 'session=admin; token=once_x' })],
    ['a password', () => ({ Authorization: `Basic ${btoa('admin:admin')}` })],
    ['an API key', () => ({ 'X-API-Key': 'secret' })],
    ['an ID token as a bearer', () => ({ Authorization: `Bearer ${administration.admin.idToken()}` })],
    [
      'an ID token with a proof',
      () => administration.admin.authorization(administration.admin.idToken(), 'GET', '/clients'),
    ],
    [
      'the credential of a resource server',
      () => ({ Authorization: `Bearer ${new Caller(deployment).serverAssertion()}` }),
    ],
    [
      'a token of the same user for another API',
      async () => {
        const caller = new Caller(deployment);
        const token = await caller.token();
        const { url } = administration;
        const DPoP = caller.apiProof(token, { htm: 'GET', htu: `${url}/admin/v1/clients` });
        return { Authorization: `DPoP ${token}`, DPoP };
      },
    ],
    [
      'a token for another path',
      async () => {
        const { admin } = administration;
        return admin.authorization(await admin.token('GET', '/devices'), 'GET', '/clients');
      },
    ],
    [
      'a token for another query',
      async () => {
        const { admin } = administration;
        return admin.authorization(await admin.token('GET', '/clients?limit=1'), 'GET', '/clients');
      },
    ],
    [
      'a token without its proof',
      async () => ({ Authorization: `DPoP ${await administration.admin.token('GET', '/clients')}` }),
    ],
    [
      'a token as a bearer',
      async () => ({ Authorization: `Bearer ${await administration.admin.token('GET', '/clients')}` }),
    ],
    [
      'a token with the proof of another key',
      async () => {
        const { admin, as } = administration;
        return as('ada').authorization(await admin.token('GET', '/clients'), 'GET', '/clients');
      },
    ],
    [
      'two tokens',
      async () => {
        const { admin } = administration;
        const headers = admin.authorization(await admin.token('GET', '/clients'), 'GET', '/clients');
        return { ...headers, Authorization: `${headers['Authorization'] ?? ''}, Bearer x` };
      },
    ],
    ['a method in a header', () => ({ 'X-HTTP-Method-Override': 'OPTIONS' })],
  ])('%s is 401', async (_, headers) => {
    const { admin } = administration;
    expectUnauthorized(await admin.send('GET', '/clients', { headers: await headers() }));
  });

  it('a token is good once', async () => {
    const { admin } = administration;
    const headers = admin.authorization(await admin.token('GET', '/clients'), 'GET', '/clients');
    const proof = {
      DPoP: admin.authorization(headers['Authorization']?.slice(5) ?? '', 'GET', '/clients')['DPoP'] ?? '',
    };
    expect((await admin.send('GET', '/clients', { headers })).status).toBe(200);
    expectUnauthorized(await admin.send('GET', '/clients', { headers }));
    expectUnauthorized(await admin.send('GET', '/clients', { headers: { ...headers, ...proof } }));
  });

  it('a token is for the body that it was earned with', async () => {
    const { admin } = administration;
    const token = await admin.token('POST', '/clients', { body: body('robot') });
    const headers = admin.authorization(token, 'POST', '/clients');
    expectUnauthorized(await admin.send('POST', '/clients', { headers, body: body('robot') }));
    expect((await admin.get('/clients/robot')).status).toBe(404);
  });

  it('nothing of the body is looked into before the token is spent', async () => {
    const { admin } = administration;
    expectUnauthorized(await admin.send('POST', '/clients', { body: '{"a":' }));
    expectUnauthorized(
      await admin.send('POST', '/clients', { body: 'x', headers: { 'Content-Type': 'a/b' } }),
    );
    expectUnauthorized(await admin.send('PUT', '/clients/desk', { body: {} }));
    expectUnauthorized(await admin.send('GET', '/clients?limit=0'));
  });

  it('a user without a role gets no token at all', async () => {
    const refused = await administration.as('mallory').exchange('GET', '/clients');
    expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_authorization_details']);
    const posing = await administration.as('mallory').exchange('GET', '/clients', {
      claims: { groups: ['oncekey:security-admin', 'security-admin'] },
    });
    expect([posing.status, posing.body['error']]).toEqual([400, 'invalid_authorization_details']);
  });

  it.each(['/rights/guard', '/rights/publish-untested', '/rights/publish-own'])(
    '%s is a question and no path',
    async (path) => {
      expect((await administration.admin.send('POST', path, { body: {} })).status).toBe(404);
    },
  );

  it.each(['OPTIONS', 'HEAD', 'PATCH'])('%s is not served, and nobody is told of origins', async (method) => {
    const headers = {
      Origin: 'https://evil.example',
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'authorization',
    };
    const answer = await fetch(administration.admin.urlOf('/clients'), { method, headers });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST']);
    for (const [name] of answer.headers) expect(name).not.toMatch(/^access-control/);
  });
});

describe('P-28: the enrolment', () => {
  it.each<[string, (admin: AdminCaller) => object]>([
    ['a made up code', () => ({})],
    ['no code', () => ({ code: '' })],
    ['an ID token that is none', () => ({ id_token: 'a.b.c' })],
  ])('with %s is refused with one answer', async (_, changes) => {
    const { admin } = administration;
    const answer = await admin.enroll('A'.repeat(43), changes(admin));
    expect([answer.status, answer.text]).toEqual([
      403,
      '{"type":"urn:oncekey:problem:admin.enrolment_refused","title":"the enrolment was not accepted","status":403}',
    ]);
  });

  it('uses a code once, asks nobody for keys without one, and refuses what nobody vouched for', async () => {
    const { url } = await freshDatabase();
    const fresh = await deploy({ databaseUrl: url });
    const { node, url: adminUrl } = await startAdminProcess(fresh);
    try {
      const first = new AdminCaller(fresh, { url: adminUrl, key: makeSigningKey(), subject: 'ada' });
      const code = await enrolmentCode(node);
      const before = fresh.issuerServer.requests;
      expect((await first.enroll('B'.repeat(43))).status).toBe(403);
      expect(fresh.issuerServer.requests).toBe(before);

      const forged = fresh.issuerServer.idToken({ aud: 'admin-app' }, {}, makeSigningKey());
      const elsewhere = fresh.issuerServer.idToken({ aud: 'desk-app' });
      const old = fresh.issuerServer.idToken({ aud: 'admin-app', iat: 1, exp: 2 });
      for (const idToken of [forged, elsewhere, old]) {
        expect((await first.enroll(code, { id_token: idToken })).status).toBe(403);
      }
      const unable = { ...first.client(), resource_servers: ['orders'] };
      expect((await first.enroll(code, { client: unable })).status).toBe(422);
      const claims = await Promise.all([1, 2, 3].map(() => first.enroll(code)));
      expect(claims.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 403, 403]);
      // Ten a minute, whoever they are from: by now even a good one would be too many.
      const rest = await Promise.all([1, 2, 3, 4].map(() => first.enroll(code)));
      expect(rest.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
      expect(node.output).not.toMatch(/"level":"error"/);
    } finally {
      await node.stop();
      await fresh.stop();
    }
  }, 60_000);
});

describe('P-29: an act that cannot be put on record', () => {
  it('is not done', async () => {
    const { admin } = administration;
    const token = await admin.token('POST', '/clients', { body: body('unrecorded') });
    expect(token).not.toBe('');
    await records.rows(`CREATE FUNCTION refuse_acts() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF new.event ->> 'type' = 'admin.act' THEN RAISE EXCEPTION 'full'; END IF; RETURN new; END $$`);
    await records.rows(
      'CREATE TRIGGER refuse_acts BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_acts()',
    );
    try {
      const answer = await admin.post('/clients', body('unrecorded'));
      expect([answer.status, answer.body['type']]).toEqual([503, 'urn:oncekey:problem:admin.unavailable']);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.text).not.toContain('full');
    } finally {
      await records.rows('DROP TRIGGER refuse_acts ON audit_event');
      await records.rows('DROP FUNCTION refuse_acts()');
    }
    expect((await admin.get('/clients/unrecorded')).status).toBe(404);
    expect((await admin.post('/clients', body('unrecorded'))).status).toBe(201);
  });
});

describe('P-32: what is read', () => {
  it.each(['/clients', '/identity-providers', '/resource-servers', '/devices', '/role-bindings'])(
    '%s holds nothing that opens anything',
    async (path) => {
      const { text } = await administration.admin.get(path);
      expect(text).not.toMatch(/"(?:d|p|q|dp|dq|qi|k)":|once_|code_hash|password|secret|fingerprint/i);
    },
  );

  it('a private key is not taken in the first place', async () => {
    const { admin } = administration;
    const { privateKey } = makeSigningKey();
    const jwks = { keys: [privateKey.export({ format: 'jwk' })] };
    const answer = await admin.post('/clients', { ...body('careless'), jwks });
    expect([answer.status, answer.body['type']]).toEqual([422, 'urn:oncekey:problem:admin.invalid']);
    expect(answer.text).not.toContain(String(jwks.keys[0]?.['d']));
  });

  it('the log of the process holds neither tokens nor proofs, nor the code but on the line that shows it', () => {
    const { output } = administration.node;
    expect(output).not.toMatch(/once_[\w-]|eyJ[\w-]{10}/);
    expect(output.match(/enroll#/g)).toHaveLength(1);
  });
});

it('a user token for an API still opens that API', async () => {
  const caller = new Caller(deployment);
  const token = await caller.token();
  expect((await caller.introspect(token)).body['active']).toBe(true);
});

it('P-07 5 MB are refused before they have come', async () => {
  const { host, port } = new URL(administration.url);
  const head = `POST /admin/v1/clients HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`;
  const answer = await rawHttp(Number(port), `${head}Content-Length: 5000000\r\n\r\n{"a":"`);
  const problem: unknown = JSON.parse(answer.body);
  expect([answer.status, problem]).toMatchObject([413, { type: 'urn:oncekey:problem:admin.too_large' }]);
});
