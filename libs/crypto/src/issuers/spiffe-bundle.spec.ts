import { generateKeyPairSync } from 'node:crypto';
import type { JsonObject } from '#core';
import { publicJwkOf } from '../../../../test/support/public-jwk-of.ts';
import { MAX_AGE_MS } from './issuer-key-set.ts';
import { RemoteIssuerKeys } from './remote-issuer-keys.ts';

const ENDPOINT = 'https://spire.example/bundle';

function jwk(kid: string, extra: object = {}): JsonObject {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...publicJwkOf(publicKey), kid, use: 'jwt-svid', ...extra };
}

/** A bundle endpoint in memory. */
function serve(first: JsonObject) {
  const world = { now: 1_800_000_000_000, bundle: first, fetched: [] as string[], problems: [] as string[] };
  const keys = new RemoteIssuerKeys({
    clock: { now: () => world.now },
    onProblem: (problem) => world.problems.push(problem),
    fetchJson: async (url) => {
      world.fetched.push(url);
      return world.bundle;
    },
  });
  const publisher = { id: 'prod.example', bundleEndpoint: ENDPOINT };
  const kids = async (kid: string | null) => (await keys.of(publisher, kid)).map((key) => key.kid);
  return { world, keys, kids };
}

it('reads the keys for JWT-SVIDs of a bundle, asks its endpoint alone, and remembers them', async () => {
  const authority = { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA', use: 'x509-svid', x5c: ['AA'] };
  const { world, kids } = serve({ keys: [authority, jwk('one'), jwk('two', { use: 'sig' })] });
  expect(await kids('one')).toEqual(['one']);
  expect(await kids('one')).toEqual(['one']);
  expect(world.fetched).toEqual([ENDPOINT]);
});

it('a bundle without a key for JWT-SVIDs is none', async () => {
  const { world, kids } = serve({ keys: [jwk('one', { use: 'x509-svid' })] });
  await expect(kids('one')).rejects.toMatchObject({ reason: 'broker.unavailable' });
  expect(world.problems).toEqual(['the keys of trust domain prod.example could not be fetched']);
});

it.each([
  ['looks again when the hint says so', 60, 120_000, 2],
  ['does not look again before', 300, 30_000, 1],
  ['is not made to ask all the time', 0.001, 10_000, 1],
  ['takes no hint for never', 1e300, MAX_AGE_MS - 1, 2],
])('%s', async (_, hint, laterMs, fetches) => {
  const { world, kids } = serve({ keys: [jwk('one')], spiffe_refresh_hint: hint });
  await kids('one');
  world.now += laterMs;
  await kids('one');
  expect(world.fetched).toHaveLength(fetches);
});

it('an issuer and a bundle of the same URL are two publishers', async () => {
  const { keys, kids } = serve({ keys: [jwk('one')] });
  expect(await kids('one')).toEqual(['one']);
  await expect(keys.of({ id: 'corp', issuer: ENDPOINT }, 'one')).rejects.toMatchObject({
    reason: 'broker.unavailable',
  });
});
