import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { QuickstartProcess, START_MS } from '../support/quickstart-process.ts';

const STOP_MS = 20_000;

const ACTS = [
  'ada refunds order 42: 200',
  'the same token again: 401, replay noticed',
  'the token on another order: 401',
  'with another body: 401',
  'from another device key: 401',
  'after it expired: 401',
  'bob, not in support: denied by policy',
];

const REASONS = [
  'spent: support-refunds',
  'token.already_spent',
  'token.wrong_uri',
  'token.wrong_digest',
  'token.proof_refused',
  'token.expired',
  'policy.denied',
];

interface Environment {
  orders_url: string;
  [member: string]: unknown;
}

describe('npm start', () => {
  let quickstart: QuickstartProcess;
  let ended: Promise<number | null>;
  let environment: Environment;

  beforeAll(async () => {
    quickstart = await QuickstartProcess.asUsersRunIt();
    ({ ended } = await quickstart.start());
    environment = JSON.parse(readFileSync(join(quickstart.folder, 'env.json'), 'utf8')) as Environment;
  }, START_MS);

  afterAll(async () => {
    quickstart.signal('SIGTERM');
    await ended;
  }, STOP_MS);

  it('tells the story in seven acts, each as it must go and with the reason of the audit log', () => {
    const lines = quickstart.output.split('\n').filter((line) => /^ {2}[1-9] /.test(line));
    expect(lines).toHaveLength(ACTS.length);
    for (const [at, line] of lines.entries()) {
      expect(line).toContain(`${at + 1} ✓ ${ACTS[at]}`);
      expect(line).toContain(REASONS[at]);
    }
    expect(quickstart.output).not.toContain('\u001b');
  });

  it('writes env.json with exactly the members that scripts rely on', () => {
    const [broker, admin, identityProvider, orders] = quickstart.ports.map(
      (port) => `http://127.0.0.1:${port}`,
    );
    expect(environment).toEqual({
      issuer: broker,
      token_endpoint: `${broker}/token`,
      introspection_endpoint: `${broker}/introspect`,
      jwks_uri: `${broker}/jwks`,
      admin_url: admin,
      orders_url: orders,
      identity_provider: { issuer: identityProvider, client_id: 'toy-app', users: ['ada', 'bob'] },
      client: { client_id: 'toy-client', private_jwk_file: join(quickstart.folder, 'client.jwk.json') },
      resource_server: {
        client_id: 'orders-api',
        resource: orders,
        private_jwk_file: join(quickstart.folder, 'resource-server.jwk.json'),
      },
    });
  });

  it('says in env.json what the broker says of itself', async () => {
    const metadata: unknown = await (
      await fetch(`${String(environment['issuer'])}/.well-known/oauth-authorization-server`)
    ).json();
    const { issuer, token_endpoint, introspection_endpoint, jwks_uri } = environment;
    expect(metadata).toMatchObject({ issuer, token_endpoint, introspection_endpoint, jwks_uri });
  });

  it('keeps its secrets to the owner', () => {
    const mode = (name: string): string => (statSync(join(quickstart.folder, name)).mode & 0o777).toString(8);
    expect(['', 'logs', 'registrations'].map(mode)).toEqual(['700', '700', '700']);
    const files = [
      'env.json',
      'client.jwk.json',
      'resource-server.jwk.json',
      'database-url',
      'kek',
      'logs/broker.log',
    ];
    expect(files.map(mode)).toEqual(files.map(() => '600'));
    expect(readFileSync(join(quickstart.folder, 'kek'), 'utf8')).toMatch(/^quickstart\.[A-Za-z0-9_-]{43}\n$/);
  });

  it('gives ID tokens by a real sign-in', async () => {
    const { exitCode, stdout } = await quickstart.oncekey('quickstart', 'id-token', 'ada');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const claims: unknown = JSON.parse(Buffer.from(String(stdout.split('.')[1]), 'base64url').toString());
    expect(claims).toMatchObject({
      sub: 'ada',
      aud: 'toy-app',
      groups: ['support'],
      email: 'ada@toy.example',
      auth_time: expect.any(Number),
    });
  });

  it('knows no other users', async () => {
    const { exitCode, stderr } = await quickstart.oncekey('quickstart', 'id-token', 'eve');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('ada and bob')]);
  });

  it('lets ada call the API with a token of its own, and shows it in the audit log', async () => {
    const url = `${environment.orders_url}/orders/42/refund`;
    const { exitCode, stdout, stderr } = await quickstart.oncekey(
      'call',
      'POST',
      url,
      '-d',
      '{"cents":500}',
      '--as',
      'ada',
    );
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ id: '42' })]);
    const txn = String(/explain (\S+)/.exec(stderr)?.[1]);
    const explained = await quickstart.oncekey('explain', txn, '--json');
    const events = explained.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { outcome: string });
    expect(events.map(({ outcome }) => outcome)).toEqual(['permitted', 'spent']);
  });

  it('refuses bob and says how to find out why', async () => {
    const url = `${environment.orders_url}/orders/42/refund`;
    const { exitCode, stderr } = await quickstart.oncekey(
      'call',
      'POST',
      url,
      '-d',
      '{"cents":500}',
      '--as',
      'bob',
    );
    expect(exitCode).toBe(1);
    const reasonId = String(/explain (\S+)/.exec(stderr)?.[1]);
    const { stdout } = await quickstart.oncekey('explain', reasonId);
    expect(stdout).toContain('policy.denied: no policy permits the operation');
    const tail = await quickstart.oncekey('audit', 'tail', '-n', '1', '--json');
    expect(JSON.parse(tail.stdout)).toMatchObject({ outcome: 'refused', reason: 'policy.denied', reasonId });
  });

  it('prints a token response for scripts', async () => {
    const { exitCode, stdout } = await quickstart.oncekey(
      'exchange',
      'GET',
      `${environment.orders_url}/orders/42`,
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      access_token: expect.stringMatching(/^once_/),
      token_type: 'DPoP',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      expires_in: expect.any(Number),
    });
  });

  it('replays the story', async () => {
    const { exitCode, stdout } = await quickstart.node('dist/apps/quickstart/src/demo.js');
    expect([exitCode, stdout.match(/✓/g)?.length]).toEqual([0, ACTS.length]);
  });

  it('changes nothing when a seed is wrong anywhere, and tells every place', async () => {
    const folder = join(dirname(quickstart.folder), 'wrong');
    mkdirSync(folder);
    const provider = { id: 'second', issuer: 'https://second.example', groups_claim: 'groups' };
    writeFileSync(join(folder, 'identity-providers.yaml'), JSON.stringify([provider]));
    writeFileSync(join(folder, 'clients.yaml'), '- client_id: x\n  identity_providers: []\n');
    writeFileSync(
      join(folder, 'a.cedar'),
      'permit (principal, action == Action::"orders.refnd", resource);\n',
    );
    const { exitCode, stderr } = await quickstart.oncekey('seed', folder);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/identity-providers\.yaml:1:\d+ #\/0\/groups_prefix/);
    expect(stderr).toMatch(/clients\.yaml:1:3 #\/0\/jwks/);
    expect(stderr).toMatch(/a\.cedar:1/);
    expect(stderr).toContain('nothing was changed');
    const again = await quickstart.oncekey('seed', 'policies', join(quickstart.folder, 'registrations'));
    expect([again.exitCode, again.stdout]).toEqual([0, 'nothing to change; release 1 is live\n']);
  });

  it('takes registrations of somebody else, which work at once', async () => {
    const folder = join(dirname(quickstart.folder), 'mine');
    mkdirSync(folder);
    const key = JSON.parse(readFileSync(join(quickstart.folder, 'client.jwk.json'), 'utf8')) as Record<
      string,
      string
    >;
    const { d: _secret, ...publicKey } = key;
    const client = {
      client_id: 'mine',
      jwks: { keys: [publicKey] },
      identity_providers: [{ id: 'toy', audiences: ['toy-app'] }],
      resource_servers: ['orders'],
    };
    writeFileSync(join(folder, 'clients.yaml'), JSON.stringify([client]));
    const seeded = await quickstart.oncekey('seed', folder);
    expect([seeded.exitCode, seeded.stdout]).toEqual([0, 'client mine\n']);
    const idToken = await quickstart.oncekey('quickstart', 'id-token', 'bob');
    const idTokenFile = join(folder, 'id-token');
    writeFileSync(idTokenFile, idToken.stdout);
    const called = await quickstart.oncekey(
      'call',
      'GET',
      `${environment.orders_url}/orders/43`,
      '--issuer',
      String(environment['issuer']),
      '--client-id',
      'mine',
      '--client-key',
      join(quickstart.folder, 'client.jwk.json'),
      '--id-token',
      idTokenFile,
    );
    expect([called.exitCode, JSON.parse(called.stdout)]).toEqual([0, expect.objectContaining({ id: '43' })]);
  });
});
