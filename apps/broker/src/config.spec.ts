import { ConfigurationError } from '#http';
import { CONFIGURATION, readBrokerConfiguration } from './config.ts';

const SECRET = 'p4ss-w0rd-of-the-database';
const KEK = 'bm90IGEga2V5IGJ1dCBpdCBtdXN0IG5vdCBiZSBzaG93bg==';
const GOOD = {
  DATABASE_URL: `postgres://oncekey:${SECRET}@db.example:5432/oncekey`,
  ONCEKEY_ISSUER: 'https://broker.example',
  ONCEKEY_KEK: KEK,
};

function faultsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    readBrokerConfiguration({ ...GOOD, ...environment });
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigurationError) return thrown.faults;
    throw thrown;
  }
}

describe(readBrokerConfiguration.name, () => {
  it('needs three variables and knows the rest', () => {
    expect(readBrokerConfiguration(GOOD)).toMatchObject({
      issuer: 'https://broker.example',
      host: '127.0.0.1',
      port: 8080,
      poolSize: 16,
      migrate: 'auto',
      logLevel: 'info',
      development: false,
      ledgerName: 'main',
      trustedProxies: [],
      isProduction: false,
    });
  });

  it.each<[string, Record<string, string>]>([
    ['an issuer with a path', { ONCEKEY_ISSUER: 'https://broker.example/t1' }],
    ['an issuer with a port', { ONCEKEY_ISSUER: 'https://broker.example:8443' }],
    [
      'http on loopback in development',
      { ONCEKEY_ISSUER: 'http://127.0.0.1:8080', ONCEKEY_DEVELOPMENT: '1' },
    ],
    ['proxies', { ONCEKEY_TRUSTED_PROXIES: '10.0.0.0/8, ::1,192.0.2.7' }],
    [
      'another URL for certificates',
      {
        ONCEKEY_CLIENT_CERTIFICATE_PROXIES: '10.0.0.7',
        ONCEKEY_MTLS_URL: 'https://mtls.broker.example',
      },
    ],
    ['an empty variable, as if it were not there', { ONCEKEY_PORT: '', ONCEKEY_TRUSTED_PROXIES: '' }],
    ['production', { NODE_ENV: 'production' }],
    ['variables of others', { ONCEKEY_ADMIN_PORT: 'x', ONCEKEY_QUICKSTART_DIR: '/' }],
  ])('accepts %s', (_, environment) => {
    expect(faultsOf(environment)).toEqual([]);
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['no database', { DATABASE_URL: undefined }, 'DATABASE_URL is not set'],
    ['another database', { DATABASE_URL: 'mysql://a:b@c/d' }, 'DATABASE_URL must be'],
    [
      'a database URL without a database',
      { DATABASE_URL: `postgres://a:${SECRET}@c` },
      'DATABASE_URL must be',
    ],
    [
      'a port for certificates without a key',
      { ONCEKEY_MTLS_PORT: '8443', ONCEKEY_MTLS_CERTIFICATE_FILE: '/tls/cert.pem' },
      'ONCEKEY_MTLS_PORT, ONCEKEY_MTLS_CERTIFICATE_FILE and',
    ],
    [
      'a URL for certificates that cannot arrive',
      { ONCEKEY_MTLS_URL: 'https://mtls.broker.example' },
      'ONCEKEY_MTLS_URL is set, and nothing',
    ],
    [
      'a URL for certificates with another path',
      {
        ONCEKEY_MTLS_URL: 'https://mtls.broker.example/x',
        ONCEKEY_CLIENT_CERTIFICATE_PROXIES: '::1',
      },
      'ONCEKEY_MTLS_URL must have the path',
    ],
    [
      'a URL for certificates without TLS',
      { ONCEKEY_MTLS_URL: 'http://mtls.broker.example', ONCEKEY_CLIENT_CERTIFICATE_PROXIES: '::1' },
      'ONCEKEY_MTLS_URL must be',
    ],
    [
      'a proxy by its name',
      { ONCEKEY_CLIENT_CERTIFICATE_PROXIES: 'proxy.example' },
      'ONCEKEY_CLIENT_CERTIFICATE_PROXIES must be',
    ],
    ['no issuer', { ONCEKEY_ISSUER: '' }, 'ONCEKEY_ISSUER is not set'],
    [
      'an issuer with a trailing slash',
      { ONCEKEY_ISSUER: 'https://broker.example/' },
      'ONCEKEY_ISSUER must be',
    ],
    [
      'an issuer with a path and a slash',
      { ONCEKEY_ISSUER: 'https://broker.example/t/' },
      'ONCEKEY_ISSUER must be',
    ],
    ['an issuer in upper case', { ONCEKEY_ISSUER: 'https://Broker.example' }, 'ONCEKEY_ISSUER must be'],
    [
      'an issuer with a default port',
      { ONCEKEY_ISSUER: 'https://broker.example:443' },
      'ONCEKEY_ISSUER must be',
    ],
    ['an issuer with a query', { ONCEKEY_ISSUER: 'https://broker.example?x' }, 'ONCEKEY_ISSUER must be'],
    ['an issuer with a fragment', { ONCEKEY_ISSUER: 'https://broker.example#x' }, 'ONCEKEY_ISSUER must be'],
    ['an issuer with userinfo', { ONCEKEY_ISSUER: 'https://a:b@broker.example' }, 'ONCEKEY_ISSUER must be'],
    ['plain http', { ONCEKEY_ISSUER: 'http://127.0.0.1:8080' }, 'ONCEKEY_ISSUER must be an https URL'],
    [
      'plain http elsewhere, even in development',
      { ONCEKEY_ISSUER: 'http://broker.example', ONCEKEY_DEVELOPMENT: '1' },
      'ONCEKEY_ISSUER must be',
    ],
    ['no key', { ONCEKEY_KEK: undefined }, 'ONCEKEY_KEK and ONCEKEY_KEK_FILE are not set'],
    ['two keys', { ONCEKEY_KEK_FILE: '/run/kek' }, 'ONCEKEY_KEK and ONCEKEY_KEK_FILE are both set'],
    ['a port that is none', { ONCEKEY_PORT: '65536' }, 'ONCEKEY_PORT must be'],
    ['a port that is a word', { ONCEKEY_PORT: 'http' }, 'ONCEKEY_PORT must be'],
    ['a negative port', { ONCEKEY_PORT: '-1' }, 'ONCEKEY_PORT must be'],
    ['a pool of one', { ONCEKEY_POOL_SIZE: '1' }, 'ONCEKEY_POOL_SIZE must be'],
    ['a host that is none', { ONCEKEY_HOST: 'a b' }, 'ONCEKEY_HOST must be'],
    ['half a switch', { ONCEKEY_DEVELOPMENT: 'maybe' }, 'ONCEKEY_DEVELOPMENT must be'],
    ['another way to migrate', { ONCEKEY_MIGRATE: 'never' }, 'ONCEKEY_MIGRATE must be'],
    ['another log level', { ONCEKEY_LOG_LEVEL: 'loud' }, 'ONCEKEY_LOG_LEVEL must be'],
    ['a proxy by name', { ONCEKEY_TRUSTED_PROXIES: '10.0.0.1,proxy' }, 'ONCEKEY_TRUSTED_PROXIES must be'],
    [
      'a network that is too long',
      { ONCEKEY_TRUSTED_PROXIES: '10.0.0.0/33' },
      'ONCEKEY_TRUSTED_PROXIES must be',
    ],
    ['everybody as a proxy', { ONCEKEY_TRUSTED_PROXIES: '0.0.0.0/0' }, 'ONCEKEY_TRUSTED_PROXIES must be'],
    [
      'everybody as a proxy that vouches for certificates',
      { ONCEKEY_CLIENT_CERTIFICATE_PROXIES: '10.0.0.7,::/0' },
      'ONCEKEY_CLIENT_CERTIFICATE_PROXIES must be',
    ],
    ['a ledger name with blanks', { ONCEKEY_LEDGER_NAME: 'a b' }, 'ONCEKEY_LEDGER_NAME must be'],
    [
      'development in production',
      { NODE_ENV: 'production', ONCEKEY_DEVELOPMENT: 'true' },
      'ONCEKEY_DEVELOPMENT must not',
    ],
    [
      'plain http in production',
      { NODE_ENV: 'production', ONCEKEY_ISSUER: 'http://localhost' },
      'ONCEKEY_ISSUER must be an https URL',
    ],
  ])('refuses %s', (_, environment, says) => {
    expect(faultsOf(environment)).toEqual([expect.stringContaining(says)]);
  });

  it('tells all faults at once, and no secret', () => {
    const faults = faultsOf({
      DATABASE_URL: `postgres://oncekey:${SECRET}@/`,
      ONCEKEY_ISSUER: 'nowhere',
      ONCEKEY_PORT: 'x',
    });
    expect(faults).toHaveLength(3);
    expect(faults.join()).not.toContain(SECRET);
    expect(new ConfigurationError(faults).message.split('\n')).toHaveLength(4);
  });

  it('knows which of its values are secrets', () => {
    const { secrets } = readBrokerConfiguration(GOOD);
    expect(secrets).toEqual(expect.arrayContaining([SECRET, KEK]));
  });
});

test('the table of variables names each once, and marks the secret ones', () => {
  const names = CONFIGURATION.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(CONFIGURATION.filter(({ secret }) => secret).map(({ name }) => name)).toEqual([
    'DATABASE_URL',
    'ONCEKEY_KEK',
    'ONCEKEY_LEDGER_URL',
  ]);
  for (const { means } of CONFIGURATION) expect(means).not.toMatch(/\.$/);
});
