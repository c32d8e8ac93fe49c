import { Caller, type Claims } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey, signJwt } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { rawHttp } from '../support/raw-http.ts';

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

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
const htu = (): string => `${deployment.issuer}/token`;

interface BadProof {
  readonly name: string;
  readonly make: () => string;
  readonly reason: string;
}

const withClaims = (name: string, claims: () => Claims, reason: string): BadProof => ({
  name,
  make: () => caller.proof(claims()),
  reason,
});

const withHeader = (name: string, header: () => Claims, reason: string): BadProof => ({
  name,
  make: () => caller.proof({}, header()),
  reason,
});

const BAD: BadProof[] = [
  { name: 'DP-02: not a JWT', make: () => 'x', reason: 'malformed_proof' },
  { name: 'DP-02: an empty one', make: () => '', reason: 'malformed_proof' },
  { name: 'DP-02: 9 kB', make: () => 'x'.repeat(9000), reason: 'malformed_proof' },
  {
    name: 'DP-01: two in one field',
    make: () => `${caller.proof()}, ${caller.proof()}`,
    reason: 'malformed_proof',
  },
  ...['jti', 'iat'].flatMap((name) =>
    [undefined, '', [], {}, null].map((value) =>
      withClaims(`DP-03: ${name} ${JSON.stringify(value)}`, () => ({ [name]: value }), 'bad_claims'),
    ),
  ),
  ...[undefined, [], {}, null].flatMap((value) =>
    ['htm', 'htu'].map((name) =>
      withClaims(`DP-03: ${name} ${JSON.stringify(value)}`, () => ({ [name]: value }), 'bad_claims'),
    ),
  ),
  withClaims('DP-18: a jti of 10 kB', () => ({ jti: 'x'.repeat(5000) }), 'bad_claims'),
  ...[undefined, 'JWT', 'dpop+jwt ', 'client-authentication+jwt'].map((typ) =>
    withHeader(`DP-04: typ ${JSON.stringify(typ)}`, () => ({ typ }), 'wrong_kind'),
  ),
  ...['none', 'HS256', 'RS256', 'ES384'].map((alg) =>
    withHeader(`DP-05: alg ${alg}`, () => ({ alg }), 'malformed_proof'),
  ),
  {
    name: 'DP-06: another key than its jwk',
    make: () => caller.proof({}, { jwk: caller.device.publicJwk }, makeSigningKey()),
    reason: 'bad_signature',
  },
  withHeader('DP-07: no jwk', () => ({ jwk: undefined }), 'malformed_proof'),
  withHeader('DP-07: a list of jwk', () => ({ jwk: [caller.device.publicJwk] }), 'malformed_proof'),
  withHeader(
    'check 62, DP-07: the private key',
    () => ({ jwk: caller.device.privateKey.export({ format: 'jwk' }) }),
    'malformed_proof',
  ),
  withHeader('DP-07: a symmetric key', () => ({ jwk: { kty: 'oct', k: 'AAAA' } }), 'malformed_proof'),
  withHeader(
    'DP-07: a point that is not on the curve',
    () => ({ jwk: { ...caller.device.publicJwk, x: caller.device.publicJwk['y'] } }),
    'bad_signature',
  ),
  withHeader('DP-07: an algorithm for another key', () => ({ alg: 'EdDSA' }), 'malformed_proof'),
  ...['GET', 'post', 'POST '].map((htm) =>
    withClaims(`DP-08: htm "${htm}"`, () => ({ htm }), 'wrong_request'),
  ),
  withClaims('DP-10: another path', () => ({ htu: `${deployment.issuer}/tokens` }), 'wrong_request'),
  withClaims('DP-10: the path in upper case', () => ({ htu: `${deployment.issuer}/TOKEN` }), 'wrong_request'),
  withClaims('DP-10: a slash behind', () => ({ htu: `${htu()}/` }), 'wrong_request'),
  withClaims('DP-10: another host', () => ({ htu: 'https://other.example/token' }), 'wrong_request'),
  withClaims(
    'DP-28: the other endpoint',
    () => ({ htu: `${deployment.issuer}/introspect` }),
    'wrong_request',
  ),
  withClaims('DP-10: a relative URI', () => ({ htu: '/token' }), 'wrong_request'),
  withClaims('DP-13: an hour old', () => ({ iat: inSeconds(-3600) }), 'wrong_time'),
  withClaims('DP-13: of the future', () => ({ iat: inSeconds(3600) }), 'wrong_time'),
  withClaims('DP-13: iat as text', () => ({ iat: String(inSeconds(0)) }), 'bad_claims'),
  withClaims('DP-29: expired', () => ({ exp: inSeconds(-60) }), 'wrong_time'),
  {
    name: 'J-17: a client assertion',
    make: () => caller.assertion(),
    reason: 'wrong_kind',
  },
];

describe('DP-01 to DP-10, checks 60 to 63 bad proofs', () => {
  it.each(BAD)('refuses $name', async ({ make, reason }) => {
    const before = await records.counts();
    const answer = await caller.exchange({}, make());
    await expectRefusal(answer, records, {
      answer: '400 invalid_dpop_proof',
      reason: `device.${reason}`,
    });
    expect(answer.headers.get('www-authenticate')).toBeNull();
    expect(await records.counts()).toEqual({ ...before, usedIds: before.usedIds + 1 });
    expect((await caller.exchange()).status).toBe(200);
  });

  it('check 63, DP-01 refuses two header fields, also where they are the same', async () => {
    const form = new URLSearchParams(caller.parameters() as Record<string, string>).toString();
    const proof = caller.proof();
    const { status, body, headers } = await rawHttp(
      Number(new URL(caller.url).port),
      [
        'POST /token HTTP/1.1',
        'Host: broker',
        'Content-Type: application/x-www-form-urlencoded',
        `Content-Length: ${form.length}`,
        `DPoP: ${proof}`,
        `dpop: ${proof}`,
        'Connection: close',
        '',
        form,
      ].join('\r\n'),
    );
    expect([status, JSON.parse(body)]).toMatchObject([400, { error: 'invalid_dpop_proof' }]);
    const answer = { headers: new Headers(headers), text: body };
    expect(await records.eventOf(answer)).toMatchObject({ reason: 'device.several_proofs' });
    expect((await caller.exchange({}, proof)).status).toBe(200);
  });

  it('check 57, DP-20 gives no token without a proof, and never a bearer token', async () => {
    await expectRefusal(await caller.exchange({}, null), records, {
      answer: '400 invalid_dpop_proof',
      reason: 'device.proof_missing',
    });
    expect((await caller.exchange()).body['token_type']).toBe('DPoP');
  });

  it.each<{ name: string; claims?: () => Claims; header?: () => Claims }>([
    { name: 'DP-09: with query and fragment', claims: () => ({ htu: `${htu()}?x=y#z` }) },
    {
      name: 'check 61: with its scheme in upper case',
      claims: () => ({ htu: htu().replace('http', 'HTTP') }),
    },
    { name: 'DP-10: with an escape too many', claims: () => ({ htu: htu().replace('token', '%74oken') }) },
    { name: 'DP-10: with dot segments', claims: () => ({ htu: htu().replace('/token', '/x/../token') }) },
    { name: 'DP-13: six seconds ahead', claims: () => ({ iat: inSeconds(6) }) },
    { name: 'DP-13: six seconds old', claims: () => ({ iat: inSeconds(-6) }) },
    { name: 'DP-13: with a fraction', claims: () => ({ iat: Date.now() / 1000 }) },
    { name: 'J-37: with typ as a media type', header: () => ({ typ: 'application/DPOP+JWT' }) },
    { name: 'J-39: with kid, use and alg in jwk', header: () => ({ jwk: caller.device.publicJwk, x: 'y' }) },
    { name: 'DP-29: with unknown claims', claims: () => ({ note: 'x', ath: 'y' }) },
  ])('takes one $name', async ({ claims, header }) => {
    expect((await caller.exchange({}, caller.proof(claims?.(), header?.()))).status).toBe(200);
  });

  it('DP-22 knows a key by its thumbprint, whatever else its jwk says and in whatever order', async () => {
    const { kty, crv, x, y } = caller.device.publicJwk;
    const { body } = await caller.exchange({}, caller.proof({}, { jwk: { y, x, note: 'n', crv, kty } }));
    const active = await caller.introspect(String(body['access_token']));
    expect(active.body).toMatchObject({ active: true, cnf: { jkt: caller.device.thumbprint } });
  });
});

describe('checks 58 and 59, DP-12, DP-30 nonces', () => {
  it.each<{ name: string; nonce: () => unknown; reason: string }>([
    { name: 'none', nonce: () => undefined, reason: 'device.nonce_required' },
    { name: 'a made-up one', nonce: () => 'x'.repeat(43), reason: 'device.nonce_refused' },
    { name: 'an empty one', nonce: () => '', reason: 'device.nonce_refused' },
  ])('asks for another where there is $name', async ({ nonce, reason }) => {
    const answer = await caller.exchange({}, caller.proof({ nonce: nonce() }));
    await expectRefusal(answer, records, { answer: '400 use_dpop_nonce', reason });
    const given = answer.headers.get('dpop-nonce');
    expect(given).toMatch(/^[A-Za-z0-9_-]+$/);
    const retried = await caller.exchange({}, caller.proof({ nonce: given }));
    expect(retried.status).toBe(200);
    expect(retried.headers.get('dpop-nonce')).not.toBeNull();
  });

  it("DP-12 takes no other client's nonce", async () => {
    const kiosk = new Caller(deployment);
    const ofKiosk = { iss: 'kiosk', sub: 'kiosk' };
    const client_assertion = kiosk.assertion(ofKiosk, {}, deployment.keys.secondClient);
    const asked = await kiosk.post('/token', kiosk.parameters({ client_assertion }), { DPoP: kiosk.proof() });
    const nonce = asked.headers.get('dpop-nonce');
    expect(nonce).not.toBeNull();
    await expectRefusal(await caller.exchange({}, caller.proof({ nonce })), records, {
      answer: '400 use_dpop_nonce',
      reason: 'device.nonce_refused',
    });
    expect((await caller.exchange()).status).toBe(200);
  });

  it('gives out no nonce to whom it does not know', async () => {
    const stranger = signJwt({ typ: 'JWT' }, { iss: 'x', sub: 'x' }, makeSigningKey());
    const answer = await caller.exchange({ client_assertion: stranger }, caller.proof({ nonce: undefined }));
    expect([answer.status, answer.headers.get('dpop-nonce')]).toEqual([401, null]);
  });
});
