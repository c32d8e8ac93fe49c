import { Caller, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { API, deploy, OTHER_API, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal, type ExpectedRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let records: Records;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  records = await Records.open(url);
  caller = new Caller(deployment);
  await caller.learnNonce();
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

/** A refused exchange leaves its assertion used, and at most its proof; the next good request succeeds. */
async function expectRefused(changes: Parameters, expected: ExpectedRefusal): Promise<void> {
  const before = await records.counts();
  await expectRefusal(await caller.exchange(changes), records, expected);
  const { usedIds, tokens, permitted } = await records.counts();
  expect([1, 2]).toContain(usedIds - before.usedIds);
  expect([tokens, permitted]).toEqual([before.tokens, before.permitted]);
  expect((await caller.exchange()).status).toBe(200);
}

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

describe('D1, X-05 to X-18 subject tokens', () => {
  it.each<{ name: string; claims?: () => Claims; header?: Claims; reason: string }>([
    { name: 'X-05: made for another client', claims: () => ({ aud: 'hr-app' }), reason: 'wrong_audience' },
    { name: 'J-58: without aud', claims: () => ({ aud: undefined }), reason: 'wrong_audience' },
    {
      name: 'check 36: for us and a stranger',
      claims: () => ({ aud: ['desk-app', 'x'] }),
      reason: 'wrong_audience',
    },
    { name: 'J-60: with a foreign azp', claims: () => ({ azp: 'hr-app' }), reason: 'wrong_audience' },
    { name: 'X-10, check 34: expired', claims: () => ({ exp: inSeconds(-60) }), reason: 'wrong_time' },
    { name: 'expiring within the second', claims: () => ({ exp: inSeconds(0) }), reason: 'wrong_time' },
    { name: 'X-10: not yet valid', claims: () => ({ nbf: inSeconds(60) }), reason: 'wrong_time' },
    { name: 'J-55: of the future', claims: () => ({ iat: inSeconds(3600) }), reason: 'wrong_time' },
    { name: 'J-55: without iat', claims: () => ({ iat: undefined }), reason: 'wrong_time' },
    { name: 'J-56: of yesterday', claims: () => ({ iat: inSeconds(-86_400) }), reason: 'wrong_time' },
    { name: 'J-50: without exp', claims: () => ({ exp: undefined }), reason: 'wrong_time' },
    { name: 'J-44: without iss', claims: () => ({ iss: undefined }), reason: 'unknown_issuer' },
    {
      name: 'J-44: with a list as iss',
      claims: () => ({ iss: [deployment.issuerServer.url] }),
      reason: 'unknown_issuer',
    },
    {
      name: 'J-40: with a slash behind iss',
      claims: () => ({ iss: `${deployment.issuerServer.url}/` }),
      reason: 'unknown_issuer',
    },
    {
      name: 'J-41: with iss in upper case',
      claims: () => ({ iss: deployment.issuerServer.url.toUpperCase() }),
      reason: 'unknown_issuer',
    },
    {
      name: 'J-43: with iss and more',
      claims: () => ({ iss: `${deployment.issuerServer.url}.evil.test` }),
      reason: 'unknown_issuer',
    },
    { name: 'J-61: without sub', claims: () => ({ sub: undefined }), reason: 'bad_claims' },
    { name: 'J-61: with an empty sub', claims: () => ({ sub: '' }), reason: 'bad_claims' },
    { name: 'J-61: with a line break in sub', claims: () => ({ sub: 'a\nb' }), reason: 'bad_claims' },
    { name: 'groups that are no list', claims: () => ({ groups: 'support' }), reason: 'bad_claims' },
    { name: 'an acr that is no string', claims: () => ({ acr: 1 }), reason: 'bad_claims' },
    { name: 'X-14: with an act that is a string', claims: () => ({ act: 'agent' }), reason: 'bad_claims' },
    {
      name: 'check 40: bound to another key',
      claims: () => ({ cnf: { jkt: makeSigningKey().thumbprint } }),
      reason: 'key_bound',
    },
    { name: 'J-19: with events', claims: () => ({ events: {} }), reason: 'wrong_kind' },
    { name: 'J-18: of typ at+jwt', header: { typ: 'at+jwt' }, reason: 'wrong_kind' },
    {
      name: 'J-16: of typ client-authentication+jwt',
      header: { typ: 'client-authentication+jwt' },
      reason: 'wrong_kind',
    },
  ])('refuses one $name', async ({ claims, header, reason }) => {
    const subject_token = deployment.issuerServer.idToken(claims?.(), header);
    await expectRefused({ subject_token }, { answer: '400 invalid_request', reason: `subject.${reason}` });
  });

  it('X-10 answers expired, forged and malformed ones to the byte alike', async () => {
    const { issuerServer } = deployment;
    const bad = [
      issuerServer.idToken({ exp: inSeconds(-60) }),
      issuerServer.idToken({}, {}, { ...makeSigningKey(), kid: issuerServer.key.kid }),
      issuerServer.idToken({ iss: 'https://unknown.example' }),
      issuerServer.idToken({ aud: 'hr-app' }),
      'x.y.z',
      'x',
    ];
    const answers = await Promise.all(bad.map((subject_token) => caller.exchange({ subject_token })));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  });
});

const TARGETS: [string, Parameters, string][] = [
  ['check 41: no resource', { resource: undefined }, 'resource.missing'],
  ['check 42: a relative one', { resource: '/v1' }, 'resource.malformed'],
  ['check 42: one with a fragment', { resource: `${API}#x` }, 'resource.malformed'],
  ['X-07: one with userinfo', { resource: 'https://u@api.example/v1' }, 'resource.malformed'],
  ['X-07: one with an IPv6 zone', { resource: 'https://[fe80::1%25eth0]/v1' }, 'resource.malformed'],
  ['check 43: an unknown one', { resource: 'https://unknown.example/' }, 'resource.unknown'],
  ['a path below a known one', { resource: `${API}/orders` }, 'resource.unknown'],
];

const DETAILS: [string, string | undefined, string][] = [
  ['X-22: none', undefined, 'operation.missing'],
  ['X-25: not JSON', '[{', 'operation.malformed'],
  ['X-25: an object', '{"type":"http_operation"}', 'operation.malformed'],
  ['X-25: an empty list', '[]', 'operation.malformed'],
  ['X-25: nested 100 deep', `${'['.repeat(100)}${']'.repeat(100)}`, 'operation.malformed'],
  ['check 51: an unknown type', '[{"type":"payment"}]', 'operation.malformed'],
];

/** Changes of a good detail. */
const CHANGED: [string, Claims, string][] = [
  ['check 52: an unknown member', { note: 'x' }, 'operation.malformed'],
  ['check 52: a number as target_uri', { target_uri: 5 }, 'operation.malformed'],
  ['check 52: no actions', { actions: undefined }, 'operation.malformed'],
  ['check 53: two actions', { actions: ['POST', 'GET'] }, 'operation.malformed'],
  ['X-22: a method in lower case', { actions: ['post'] }, 'operation.malformed'],
  ['X-22: the method *', { actions: ['*'] }, 'operation.malformed'],
  ['check 56: a digest by md5', { content_digest: { md5: 'x' } }, 'operation.malformed'],
  ['another location', { locations: [OTHER_API] }, 'operation.malformed'],
  ['X-22: a relative target', { target_uri: '/v1/orders/42/refund' }, 'operation.bad_uri'],
  ['X-22: a fragment', { target_uri: `${API}/orders/42/refund#x` }, 'operation.bad_uri'],
  ['X-22: a backslash', { target_uri: `${API}\\orders` }, 'operation.bad_uri'],
  ['X-22: 10 kB', { target_uri: `${API}/${'x'.repeat(3000)}` }, 'operation.bad_uri'],
  ['check 54: plain http', { target_uri: 'http://api.example/v1/orders/42/refund' }, 'operation.bad_uri'],
  [
    'check 54: outside of the resource',
    { target_uri: 'https://api.example/v2/x' },
    'operation.outside_resource',
  ],
  ['what the catalog does not have', { target_uri: `${API}/orders` }, 'operation.not_in_catalog'],
  ['check 56: no digest where policy wants one', { content_digest: undefined }, 'operation.digest_required'],
];

describe('X-06, X-07, X-22 to X-25 resources and operations', () => {
  it.each(TARGETS)('refuses %s', async (_, changes, reason) => {
    await expectRefused(changes, { answer: '400 invalid_target', reason });
  });

  it('X-23 refuses a target on another host', async () => {
    const authorization_details = caller.details({ target_uri: `${OTHER_API}orders/42/refund` });
    const expected = { answer: '400 invalid_target', reason: 'resource.foreign_target' };
    await expectRefused({ authorization_details }, expected);
  });

  it('check 44 refuses two resources', async () => {
    const form = new URLSearchParams(caller.parameters() as Record<string, string>);
    form.append('resource', OTHER_API);
    const headers = { DPoP: caller.proof() };
    const response = await fetch(`${caller.url}/token`, { method: 'POST', headers, body: form });
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'invalid_target' }]);
  });

  // What cannot be read is refused before anything is used up; what was read and is not permitted, after.
  it.each([...DETAILS, ...CHANGED.map(([name, changes, reason]) => [name, changes, reason] as const)])(
    'refuses as operation %s',
    async (_, details, reason) => {
      const isText = details === undefined || typeof details === 'string';
      const authorization_details = isText ? details : caller.details(details);
      const before = await records.counts();
      const answer = await caller.exchange({ authorization_details });
      await expectRefusal(answer, records, { answer: '400 invalid_authorization_details', reason });
      const after = await records.counts();
      expect([after.tokens, after.permitted]).toEqual([before.tokens, before.permitted]);
      expect([0, 2]).toContain(after.usedIds - before.usedIds);
      expect((await caller.exchange()).status).toBe(200);
    },
  );

  it('X-22 knows no wildcards: a star is a letter like any other', async () => {
    const target_uri = `${API}/orders/*/refund`;
    const token = await caller.token({ authorization_details: caller.details({ target_uri }) });
    expect((await caller.introspect(token)).text).toBe('{"active":false}');
    const dpop_proof = caller.apiProof(token, { htu: target_uri });
    const exact = await caller.introspect(token, { http_target_uri: target_uri, dpop_proof });
    expect(exact.body['active']).toBe(true);
  });

  it('check 50 refuses what no policy permits, without a word on policies', async () => {
    const subject_token = deployment.issuerServer.idToken({ groups: ['sales'] });
    await expectRefused(
      { subject_token },
      { answer: '400 invalid_authorization_details', reason: 'policy.denied' },
    );
  });
});
