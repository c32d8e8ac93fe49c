import { randomBytes } from 'node:crypto';
import { newQuickstartKek } from '#crypto';
import { readBrokerConfiguration } from '../config.ts';
import { configuredKek } from './configured-kek.ts';

const KEK = randomBytes(32).toString('base64');

function read(environment: Record<string, string>): string {
  const configuration = readBrokerConfiguration({
    DATABASE_URL: 'postgres://a:b@c/d',
    ONCEKEY_ISSUER: 'https://broker.example',
    ...environment,
  });
  try {
    configuredKek(configuration);
    return 'ok';
  } catch (thrown) {
    return String(thrown);
  }
}

it.each<[string, Record<string, string>, string]>([
  ['a key', { ONCEKEY_KEK: KEK }, 'ok'],
  ['a key in production', { ONCEKEY_KEK: KEK, NODE_ENV: 'production' }, 'ok'],
  ['the key of a quickstart, elsewhere', { ONCEKEY_KEK: newQuickstartKek() }, 'ok'],
  [
    'the key of a quickstart in production',
    { ONCEKEY_KEK: newQuickstartKek(), NODE_ENV: 'production' },
    'a quickstart generated',
  ],
  ['a key that is none', { ONCEKEY_KEK: 'short-and-secret' }, 'ONCEKEY_KEK: the key-encryption key must be'],
  [
    'a file that is not there',
    { ONCEKEY_KEK_FILE: '/nonexistent/kek' },
    'ONCEKEY_KEK_FILE cannot be read: ENOENT',
  ],
])('%s', (_, environment, says) => {
  const said = read(environment);
  expect(said).toContain(says);
  for (const secret of [environment['ONCEKEY_KEK'] ?? 'none']) expect(said).not.toContain(secret);
});
