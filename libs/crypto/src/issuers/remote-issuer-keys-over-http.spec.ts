import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { answerJson, LocalServers } from '../../../../test/support/local-servers.ts';
import { publicJwkOf } from '../../../../test/support/public-jwk-of.ts';
import { GuardedFetch } from '../outbound/guarded-fetch.ts';
import { RemoteIssuerKeys } from './remote-issuer-keys.ts';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEY = { ...publicJwkOf(publicKey), kid: 'one', alg: 'ES256', use: 'sig' };

const servers = new LocalServers();
afterEach(() => servers.closeAll());

/** A provider on this machine whose JWKS endpoint does as it is told. */
async function providerThat(answer: (response: ServerResponse) => void, jwksUri?: string) {
  const server = await servers.answering((response, path) => {
    if (path === '/keys') answer(response);
    else answerJson(response, { issuer: server.origin, jwks_uri: jwksUri ?? `${server.origin}/keys` });
  });
  return server;
}

/** `totalMs`: how long a whole answer may take; honest ones wait for nobody, on a machine that has the time. */
function issuerKeys(totalMs = 400) {
  let now = 1_800_000_000_000;
  const { json } = new GuardedFetch({ allowHttpLoopback: true, totalMs });
  const keys = new RemoteIssuerKeys({
    fetchJson: json,
    clock: { now: () => now },
    onProblem: () => undefined,
  });
  const of = (issuer: string, kid: string | null) => keys.of({ id: 'corp', issuer }, kid);
  return { of, advance: (ms: number) => void (now += ms) };
}

describe('the keys of a provider that is really fetched from', () => {
  test('an honest one', async () => {
    const { origin, asked } = await providerThat((response) => answerJson(response, { keys: [KEY] }));
    expect((await issuerKeys().of(origin, 'one')).map(({ kid }) => kid)).toEqual(['one']);
    expect(asked.map(({ path }) => path)).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['K-06: 100 000 keys', (r) => answerJson(r, { keys: Array.from({ length: 100_000 }, () => KEY) })],
    ['K-06: a byte a time', (r) => void r.write('{')],
    ['K-07: an error', (r) => r.writeHead(500).end()],
    [
      'K-07: a page for people',
      (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
    ],
    ['K-12: a redirect', (r) => r.writeHead(302, { location: '/other' }).end()],
  ])('%s: nothing is known at first, and what was known stays', async (_, answer) => {
    let isHonest = true;
    const { origin } = await providerThat((response) =>
      isHonest ? answerJson(response, { keys: [KEY] }) : answer(response),
    );
    const known = issuerKeys(2_000);
    await known.of(origin, 'one');

    isHonest = false;
    await expect(issuerKeys().of(origin, 'one')).rejects.toMatchObject({ reason: 'broker.unavailable' });
    known.advance(16 * 60_000);
    expect(await known.of(origin, 'one')).toHaveLength(1);
  });

  test.each(['http://169.254.169.254/keys', 'http://10.0.0.1/keys', 'http://0/keys', 'file:///etc/passwd'])(
    'K-10: metadata that point to %s lead nowhere',
    async (jwksUri) => {
      const { origin, asked } = await providerThat(
        (response) => answerJson(response, { keys: [KEY] }),
        jwksUri,
      );
      await expect(issuerKeys().of(origin, 'one')).rejects.toMatchObject({ reason: 'broker.unavailable' });
      expect(asked).toHaveLength(1);
    },
  );
});
