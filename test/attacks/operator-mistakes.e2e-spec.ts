import { BrokerProcess } from '../support/deployment/broker-process.ts';
import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { Records } from '../support/deployment/records.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const WITHIN_MS = 60_000;

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
  await records?.close();
  await deployment?.stop();
});

/** Of a broker in production that nobody is registered at yet: providers on loopback, as tests have them, are for development. */
async function productionEnvironment(): Promise<Record<string, string>> {
  const { url } = await freshDatabase();
  const env = { ...deployment.env, DATABASE_URL: url, NODE_ENV: 'production' };
  return { ...env, ONCEKEY_ISSUER: 'https://broker.example', ONCEKEY_DEVELOPMENT: '' };
}

describe('B-08 in production a broker does not start', () => {
  it.each<[string, Record<string, string>, string]>([
    ['for development', { ONCEKEY_DEVELOPMENT: 'true' }, 'ONCEKEY_DEVELOPMENT must not'],
    ['as an issuer on http', { ONCEKEY_ISSUER: 'http://broker.example' }, 'ONCEKEY_ISSUER must be'],
    ['as an issuer on loopback', { ONCEKEY_ISSUER: 'http://127.0.0.1:8080' }, 'ONCEKEY_ISSUER must be'],
    ['believing everybody', { ONCEKEY_TRUSTED_PROXIES: '0.0.0.0/0' }, 'ONCEKEY_TRUSTED_PROXIES must be'],
    ['believing everybody on IPv6', { ONCEKEY_TRUSTED_PROXIES: '::/0' }, 'ONCEKEY_TRUSTED_PROXIES must be'],
    [
      'taking certificates on the word of everybody',
      { ONCEKEY_CLIENT_CERTIFICATE_PROXIES: '0.0.0.0/0' },
      'ONCEKEY_CLIENT_CERTIFICATE_PROXIES must be',
    ],
    [
      'taking certificates on the word of all of IPv4, as IPv6 has it',
      { ONCEKEY_CLIENT_CERTIFICATE_PROXIES: '::ffff:0:0/96' },
      'ONCEKEY_CLIENT_CERTIFICATE_PROXIES must be',
    ],
  ])(
    '%s',
    async (_, mistake, says) => {
      const broker = BrokerProcess.start(await freePort(), {
        ...(await productionEnvironment()),
        ...mistake,
      });
      try {
        expect(await broker.node.end()).toBe(1);
        expect(broker.node.output).toContain(says);
        expect(broker.node.output).not.toContain(deployment.env['ONCEKEY_KEK']);
      } finally {
        await broker.stop('SIGKILL');
      }
    },
    60_000,
  );

  it('except without these mistakes, behind proxies of its own', async () => {
    const proxies = '10.0.0.0/8,fd00::/8';
    const env = { ONCEKEY_TRUSTED_PROXIES: proxies, ONCEKEY_CLIENT_CERTIFICATE_PROXIES: proxies };
    const broker = BrokerProcess.start(await freePort(), { ...(await productionEnvironment()), ...env });
    try {
      await eventually(async () => (await broker.readiness()) !== null || !broker.node.isRunning, WITHIN_MS);
      const found = await fetch(`${broker.url}/.well-known/oauth-authorization-server`);
      expect(await found.json()).toMatchObject({ issuer: 'https://broker.example' });
    } finally {
      await broker.stop();
    }
  }, 90_000);
});

describe('B-09 policies and registrations that cannot be read', () => {
  const liveRelease = (): Promise<readonly unknown[]> => records.rows('SELECT * FROM live_release');
  const FORBID = 'forbid (principal, action == Action::"orders.refund", resource == Api::"orders")';
  const PERMIT = FORBID.replace('forbid', 'permit');

  /** So that each release says something else than the one before. */
  let seconds = 60;

  it.each([
    ['a syntax error', `${FORBID} when {`],
    ['an operation that there is not', 'forbid (principal, action == Action::"orders.fly", resource);'],
    ['an attribute that there is not', `${FORBID} when { context.nonsense == 1 };`],
  ])('leave what holds as it is: %s', async (_, broken) => {
    const before = await liveRelease();
    expect(before).toHaveLength(1);
    await expect(deployment.seed({ broken })).rejects.toThrow('broken');
    expect(await liveRelease()).toEqual(before);
    await expectServed(caller);

    await deployment.seed({ mended: `@ttl("${seconds++}") ${PERMIT};` });
    expect(await liveRelease()).not.toEqual(before);
  });
});
