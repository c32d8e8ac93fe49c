import { generateKeyPairSync } from 'node:crypto';
import type { IdentityProviderRegistration, JsonObject } from '#core';
import { publicJwkOf } from '../../../../test/support/public-jwk-of.ts';
import { FAILURE_PAUSE_MS, MAX_AGE_MS, MAX_STALE_MS, UNKNOWN_KID_COOL_DOWN_MS } from './issuer-key-set.ts';
import { RemoteIssuerKeys } from './remote-issuer-keys.ts';

const ISSUER = 'https://idp.example';
const KEYS = `${ISSUER}/keys`;
const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`;

function provider(issuer = ISSUER, id = 'corp'): IdentityProviderRegistration {
  return {
    id,
    issuer,
    algorithms: ['ES256'],
    maxAgeSeconds: 3600,
    groupsClaim: null,
    groupsPrefix: '',
    events: null,
  };
}

function jwk(kid: string, extra: object = {}): JsonObject {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...publicJwkOf(publicKey), kid, ...extra };
}

/** A network in memory: documents by URL, a log of what was fetched, and a clock that tests move. */
function setUp() {
  const world = {
    now: 1_800_000_000_000,
    documents: new Map<string, JsonObject | Error>([
      [DISCOVERY, { issuer: ISSUER, jwks_uri: KEYS }],
      [KEYS, { keys: [jwk('one')] }],
    ]),
    fetched: [] as string[],
    problems: [] as string[],
    /** Fetches hang until it resolves. */
    gate: Promise.resolve() as Promise<unknown>,
  };
  const keys = new RemoteIssuerKeys({
    clock: { now: () => world.now },
    onProblem: (problem) => world.problems.push(problem),
    fetchJson: async (url) => {
      world.fetched.push(url);
      await world.gate;
      const document = world.documents.get(url) ?? new Error('not found');
      if (document instanceof Error) throw document;
      return document;
    },
  });
  const kidsFor = async (kid: string | null, issuer = ISSUER) =>
    (await keys.of(provider(issuer), kid)).map((key) => key.kid);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { world, keys, kidsFor, settle };
}

const UNAVAILABLE = { reason: 'broker.unavailable' };
const away = new Error('away');

describe(RemoteIssuerKeys.name, () => {
  test('keys are found through discovery, and remembered', async () => {
    const { world, kidsFor } = setUp();
    expect(await kidsFor('one')).toEqual(['one']);
    expect(await kidsFor('one')).toEqual(['one']);
    expect(await kidsFor(null)).toEqual(['one']);
    expect(world.fetched).toEqual([DISCOVERY, KEYS]);
  });

  test('many who ask at once share one fetch', async () => {
    const { world, kidsFor } = setUp();
    await Promise.all(Array.from({ length: 100 }, () => kidsFor('one')));
    expect(world.fetched).toHaveLength(2);
  });

  test('the same keys come back as the same objects, so that what is imported is imported once', async () => {
    const { keys } = setUp();
    expect((await keys.of(provider(), 'one'))[0]).toBe((await keys.of(provider(), 'one'))[0]);
  });

  test('K-01: a thousand unknown kids make one fetch per cool-down, and good tokens do not notice', async () => {
    const { world, kidsFor } = setUp();
    await kidsFor('one');
    world.fetched.length = 0;
    for (let i = 0; i < 500; i++) expect(await kidsFor(`made-up-${i}`)).toEqual(['one']);
    await Promise.all(Array.from({ length: 500 }, (_, i) => kidsFor(`made-up-too-${i}`)));
    expect(await kidsFor('one')).toEqual(['one']);
    expect(world.fetched).toEqual([KEYS]);

    world.now += UNKNOWN_KID_COOL_DOWN_MS - 1;
    await kidsFor('made-up');
    expect(world.fetched).toEqual([KEYS]);
    world.now += 1;
    await Promise.all(Array.from({ length: 1000 }, (_, i) => kidsFor(`again-${i}`)));
    expect(world.fetched).toEqual([KEYS, KEYS]);
  });

  test('K-01: good tokens do not wait for the fetch that a made-up kid caused', async () => {
    const { world, kidsFor } = setUp();
    await kidsFor('one');
    let release = (): void => undefined;
    world.gate = new Promise<void>((resolve) => (release = resolve));
    const madeUp = kidsFor('made-up');
    expect(await kidsFor('one')).toEqual(['one']);
    release();
    expect(await madeUp).toEqual(['one']);
  });

  test('K-02: a key that appears after a rotation is found with one fetch, by all who wait', async () => {
    const { world, kidsFor } = setUp();
    await kidsFor('one');
    world.documents.set(KEYS, { keys: [jwk('one'), jwk('two')] });
    world.fetched.length = 0;
    const found = await Promise.all(Array.from({ length: 50 }, () => kidsFor('two')));
    expect(new Set(found.flat())).toEqual(new Set(['one', 'two']));
    expect(world.fetched).toEqual([KEYS]);
  });

  test('J-67: a key that the provider took away is gone when the set has aged', async () => {
    const { world, kidsFor } = setUp();
    await kidsFor('one');
    world.documents.set(KEYS, { keys: [jwk('two')] });
    world.now += MAX_AGE_MS + 1;
    expect(await kidsFor('one')).toEqual(['two']);
  });

  test('a set that nears its end is fetched in the background, from where the metadata then say', async () => {
    const { world, kidsFor, settle } = setUp();
    await kidsFor('one');
    world.documents.set(DISCOVERY, { issuer: ISSUER, jwks_uri: `${KEYS}2` });
    world.documents.set(`${KEYS}2`, { keys: [jwk('two')] });
    world.now += MAX_AGE_MS - 1;
    expect(await kidsFor('one')).toEqual(['one']);
    await settle();
    expect(await kidsFor('two')).toEqual(['two']);
    expect(world.fetched).toEqual([DISCOVERY, KEYS, DISCOVERY, `${KEYS}2`]);
  });

  test.each<[string, JsonObject | Error]>([
    ['is away', away],
    ['has no set', {}],
    ['has an empty set', { keys: [] }],
    ['has a set that is no list', { keys: { one: 1 } }],
    ['has too many keys', { keys: Array.from({ length: 65 }, (_, i) => ({ kty: 'EC', kid: String(i) })) }],
    [
      'has keys of other kinds only',
      { keys: [{ kty: 'oct', k: 'AAAA' }, { kty: 'EC', crv: 'P-384' }, 1, null] },
    ],
    ['has encryption keys only', { keys: [jwk('one', { use: 'enc' })] }],
  ])(
    'K-07: a provider that %s: its last good set is believed for an hour, and then no more',
    async (_, answer) => {
      const { world, kidsFor } = setUp();
      await kidsFor('one');
      world.documents.set(KEYS, answer);
      world.now += MAX_AGE_MS + 1;
      expect(await kidsFor('one')).toEqual(['one']);
      world.now += MAX_STALE_MS - MAX_AGE_MS - 1;
      expect(await kidsFor('one')).toEqual(['one']);
      world.now += FAILURE_PAUSE_MS + 1;
      await expect(kidsFor('one')).rejects.toMatchObject(UNAVAILABLE);
      expect(world.problems).toHaveLength(1);

      world.documents.set(KEYS, { keys: [jwk('two')] });
      world.now += FAILURE_PAUSE_MS + 1;
      expect(await kidsFor('two')).toEqual(['two']);
    },
  );

  test('K-07: while the provider is silent, an unknown kid is neither known nor unknown', async () => {
    const { world, kidsFor } = setUp();
    await kidsFor('one');
    world.documents.set(KEYS, away);
    await expect(kidsFor('two')).rejects.toMatchObject(UNAVAILABLE);
    await expect(kidsFor('two')).rejects.toMatchObject(UNAVAILABLE);
    world.now += MAX_AGE_MS + 1;
    await expect(kidsFor('two')).rejects.toMatchObject(UNAVAILABLE);
    expect(await kidsFor('one')).toEqual(['one']);
  });

  test('K-07: an unknown kid that comes with the first failure of an old set is not refused either', async () => {
    const { world, kidsFor } = setUp();
    await kidsFor('one');
    world.documents.set(DISCOVERY, away);
    world.now += MAX_AGE_MS + 1;
    await expect(kidsFor('two')).rejects.toMatchObject(UNAVAILABLE);
  });

  test('K-07: private keys in the set are reported and not used', async () => {
    const { world, kidsFor } = setUp();
    world.documents.set(KEYS, {
      keys: [jwk('one'), jwk('leaked', { d: 'AAAA' }), { kty: 'oct', kid: 'mac', k: 'AAAA' }],
    });
    expect(await kidsFor('one')).toEqual(['one']);
    expect(world.problems).toEqual(['identity provider corp publishes private keys; they are not used']);
  });

  test('K-08: a provider that is down at the start is unavailable, and others are not', async () => {
    const { world, kidsFor } = setUp();
    const other = 'https://other.example';
    world.documents.set(`${other}/.well-known/openid-configuration`, away);
    await expect(kidsFor('one', other)).rejects.toMatchObject(UNAVAILABLE);
    expect(await kidsFor('one')).toEqual(['one']);
  });

  test('K-08: a provider that hangs does not hold up the others', async () => {
    const { world, kidsFor } = setUp();
    await kidsFor('one');
    world.gate = new Promise(() => undefined);
    void kidsFor('one', 'https://other.example');
    expect(await kidsFor('one')).toEqual(['one']);
  });

  test('a dead provider is asked once per pause, however many requests name it', async () => {
    const { world, kidsFor } = setUp();
    world.documents.set(DISCOVERY, away);
    for (let i = 0; i < 200; i++) await expect(kidsFor('one')).rejects.toMatchObject(UNAVAILABLE);
    expect(world.fetched).toHaveLength(1);
    world.now += FAILURE_PAUSE_MS + 1;
    await Promise.allSettled(Array.from({ length: 200 }, () => kidsFor('one')));
    expect(world.fetched).toHaveLength(2);
    world.documents.set(DISCOVERY, { issuer: ISSUER, jwks_uri: KEYS });
    world.now += FAILURE_PAUSE_MS + 1;
    expect(await kidsFor('one')).toEqual(['one']);
  });

  test('with an old set in hand, requests do not queue up behind a provider that hangs', async () => {
    const { world, kidsFor } = setUp();
    await kidsFor('one');
    world.documents.set(DISCOVERY, away);
    world.now += MAX_AGE_MS + 1;
    expect(await kidsFor('one')).toEqual(['one']);
    world.gate = new Promise(() => undefined);
    world.now += FAILURE_PAUSE_MS + 1;
    expect(await kidsFor('one')).toEqual(['one']);
  });

  test('J-46: two providers with the same kid keep their own keys', async () => {
    const { world, keys } = setUp();
    const other = 'https://other.example';
    world.documents.set(`${other}/.well-known/openid-configuration`, {
      issuer: other,
      jwks_uri: `${other}/keys`,
    });
    world.documents.set(`${other}/keys`, { keys: [jwk('one')] });
    const [mine] = await keys.of(provider(), 'one');
    const [theirs] = await keys.of(provider(other, 'other'), 'one');
    expect(mine?.thumbprint).not.toBe(theirs?.thumbprint);
  });

  test('a clock that jumps back makes it ask again rather than trust for ever', async () => {
    const { world, kidsFor } = setUp();
    await kidsFor('one');
    world.now -= 2 * MAX_STALE_MS;
    await kidsFor('one');
    expect(world.fetched).toHaveLength(4);
  });
});
