import { randomBytes, randomUUID } from 'node:crypto';
import { Caller, JWT_BEARER } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { segment, signJwt } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const INACTIVE = '{"active":false}';
let deployment: Deployment;
let records: Records;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  records = await Records.open(url);
  caller = new Caller(deployment);
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

describe('I-06 tokens that are made up around a live one', () => {
  /** Its header is there for everybody to read; its id only somebody with the audit log can know. */
  async function live(): Promise<{ token: string; header: Record<string, unknown>; jti: string }> {
    const token = await caller.token();
    const [header = ''] = token.slice('once_'.length).split('.');
    const [latest] = await records.rows<{ jti: string }>(
      `SELECT event->>'tokenId' AS jti FROM audit_event WHERE outcome = 'permitted' ORDER BY at DESC LIMIT 1`,
    );
    if (latest === undefined) throw new Error('no permit is on record');
    return { token, header: JSON.parse(Buffer.from(header, 'base64url').toString()) as never, ...latest };
  }

  it.each<[string, (header: Record<string, unknown>, jti: string) => string]>([
    ['a JWT with its id, unsigned', (_, jti) => `once_${segment({ alg: 'none' })}.${segment({ jti })}.`],
    ['a JWT with its id, signed by somebody', (_, jti) => `once_${signJwt({}, { jti }, caller.device)}`],
    ['a seal under its key id with another key', (header) => sealed(header)],
    ['a seal by another algorithm', (header) => sealed({ ...header, alg: 'A256KW' })],
    ['a seal under a key id that climbs', (header) => sealed({ ...header, kid: '../../etc/passwd' })],
    ['a seal without a key id', ({ alg, enc }) => sealed({ alg, enc })],
  ])('does not honour %s', async (_, forge) => {
    const { token, header, jti } = await live();
    const answer = await caller.introspect(forge(header, jti));
    expect([answer.status, answer.text]).toEqual([200, INACTIVE]);
    expect(await records.eventOf(answer)).toMatchObject({ outcome: 'inactive' });
    expect((await caller.introspect(token)).body).toMatchObject({ active: true, jti });
  });
});

/** A compact JWE of this header, filled at random. */
function sealed(header: object): string {
  const random = (bytes: number): string => randomBytes(bytes).toString('base64url');
  return `once_${segment(header)}..${random(12)}.${random(300)}.${random(16)}`;
}

describe('I-08 what is no token at all', () => {
  it.each<[string, string]>([
    ['one byte', 'x'],
    ['NUL', 'once_\u0000'],
    ['SQL', `once_' OR 1=1; DROP TABLE ledger_0; --`],
    ['JSON', '{"token":"x"}'],
    ['HTML', '<script>alert(1)</script>'],
    ['emoji', 'once_🔑'],
    ['a lone percent sign', '%'],
    ['8 kB', `once_${'A'.repeat(8_000)}`],
    ['dots', `once_${'.'.repeat(4_000)}`],
  ])('is inactive: %s', async (_, token) => {
    const answer = await caller.introspect(token);
    expect([answer.status, answer.text]).toEqual([200, INACTIVE]);
  });

  it('is refused for its size before it is read: 1 MB', async () => {
    const answer = await caller.introspect(`once_${'A'.repeat(1_000_000)}`);
    expect([answer.status, answer.body['error']]).toEqual([413, 'invalid_request']);
  });

  it('is refused when it is not UTF-8', async () => {
    const form = new URLSearchParams({
      client_assertion_type: JWT_BEARER,
      client_assertion: caller.serverAssertion(),
    });
    const response = await fetch(`${caller.url}/introspect`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${form.toString()}&token=once_%C0%AF`,
    });
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'invalid_request' }]);
  });
});

describe('I-17 who asks for a signed answer', () => {
  it.each(['application/token-introspection+jwt', 'application/token-introspection+jwt, */*;q=0.1'])(
    'gets a JWT that says that it is one: %s',
    async (accept) => {
      const { status, headers, text } = await caller.introspectText(await caller.token(), {}, { accept });
      expect([status, headers.get('content-type')]).toEqual([200, 'application/token-introspection+jwt']);
      expect(text).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    },
  );

  it.each(['text/html', '*/*', 'application/token-introspection+jwt;q=0'])(
    'and nobody else: %s gets JSON that says that it is JSON',
    async (accept) => {
      const { status, headers, body } = await caller.introspect(await caller.token(), {}, { accept });
      expect([status, body['active']]).toEqual([200, true]);
      expect(headers.get('content-type')).toMatch(/^application\/json/);
    },
  );
});

describe('I-05, D4 a stranger who tries tokens on', () => {
  const asStranger = (token: string): Promise<unknown> =>
    caller.introspect(token, {
      client_assertion: caller.serverAssertion('other-api', deployment.keys.otherServer),
    });

  it('kills a token at the third try and not before, however many ask at once', async () => {
    const twice = await caller.token();
    await Promise.all([asStranger(twice), asStranger(twice)]);
    expect((await caller.introspect(twice)).body['active']).toBe(true);

    const often = await caller.token();
    await Promise.all(Array.from({ length: 100 }, () => asStranger(often)));
    const dead = await caller.introspect(often);
    expect(dead.text).toBe(INACTIVE);
    expect(await records.eventOf(dead)).toMatchObject({ reason: 'token.killed' });
  });

  it('leaves each of many tokens to its own API', async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, () => caller.token()));
    await Promise.all(tokens.map(asStranger));
    for (const token of tokens) expect((await caller.introspect(token)).body['active']).toBe(true);
  });
});

describe('X-20 a token is of the client that got it', () => {
  it('names that client to the API, and serves nobody with another key', async () => {
    const other = new Caller(deployment);
    const token = await caller.token();
    const dpop_proof = other.apiProof(token, { jti: randomUUID() });
    const stolen = await caller.introspect(token, { dpop_proof });
    expect(stolen.text).toBe(INACTIVE);
    expect(await records.eventOf(stolen)).toMatchObject({ reason: 'token.proof_refused' });
    expect((await caller.introspect(token)).body).toMatchObject({ active: true, client_id: 'desk' });
  });
});
