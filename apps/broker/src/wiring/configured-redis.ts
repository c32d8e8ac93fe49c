import { ConfigurationError } from '#http';
import { readRedisAddress, type RedisAddress } from '#redis';
import type { BrokerConfiguration } from '../config.ts';

/** Null where tokens are spent in the database. Fails  ConfigurationError, which shows no password */
export function configuredRedis({ ledgerUrl }: Pick<BrokerConfiguration, 'ledgerUrl'>): RedisAddress | null {
  if (ledgerUrl === undefined) return null;
  try {
    return readRedisAddress(ledgerUrl);
  } catch (error) {
    const why = error instanceof RangeError ? error.message : 'not usable';
    throw new ConfigurationError([`ONCEKEY_LEDGER_URL ${why}`]);
  }
}

/** What the log must leave out, as it was written and as it is meant. */
export function secretsOf(address: RedisAddress | null): readonly string[] {
  const password = address?.password ?? null;
  return password === null ? [] : [password, encodeURIComponent(password)];
}
