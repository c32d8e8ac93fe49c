import { ConfigurationError } from '#http';
import { configuredRedis, secretsOf } from './configured-redis.ts';

it('spends in the database where no other place is named', () => {
  expect(configuredRedis({})).toBeNull();
  expect(secretsOf(null)).toEqual([]);
});

it('keeps the password out of the log in both of its forms', () => {
  const address = configuredRedis({ ledgerUrl: 'rediss+cluster://oncekey:p%40ss@a,b' });
  expect(address).toMatchObject({ isCluster: true, usesTls: true, password: 'p@ss' });
  expect(secretsOf(address)).toEqual(['p@ss', 'p%40ss']);
});

it('refuses to start with an address that cannot be read, and does not show it', () => {
  const read = (): unknown => configuredRedis({ ledgerUrl: 'redis://oncekey:s3cret@a,b' });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow('ONCEKEY_LEDGER_URL only redis+cluster names several nodes');
  expect(read).not.toThrow(/s3cret/);
});
