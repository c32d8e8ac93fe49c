import { createHash, randomBytes, sign, verify, createPublicKey } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose';
import { JWK } from 'node-jose';
import type { RotationPolicy } from '#core';
import { MemoryKeyStore } from '#testing';
import { readKek } from './kek.ts';
import { KEY_RING_STALENESS_BOUND_MS, KeyRing, UNKNOWN_KEY_COOL_DOWN_MS } from './key-ring.ts';

const MINUTE = 60_000;
const POLICY: RotationPolicy = {
  activeForMs: 60 * MINUTE,
  publishedForMs: 10 * MINUTE,
  keptForMs: 6 * MINUTE,
};
const KEK = readKek(createHash('sha256').update('kek').digest('base64url'));
const OTHER_KEK = readKek(createHash('sha256').update('another kek').digest('base64url'));
const START = 1_800_000_000_000;

const rings: KeyRing[] = [];
afterEach(() => rings.splice(0).forEach((ring) => ring.close()));

async function openRing(store: MemoryKeyStore, kek = KEK, clock = { now: () => START }) {
  const problems: string[] = [];
  const ring = await KeyRing.open({
    store,
    kek,
    policy: POLICY,
    clock,
    onProblem: (problem) => problems.push(problem),
  });
  rings.push(ring);
  return ring;
}

function movableClock() {
  let now = START;
  return { now: () => now, advance: (ms: number) => void (now += ms) };
}

describe(KeyRing.name, () => {
  test('an empty ring gets one key of each use, which are used at once', async () => {
    const store = new MemoryKeyStore();
    const ring = await openRing(store);
    expect(store.rows.map(({ use }) => use).toSorted()).toEqual(['seal', 'sign']);
    expect(ring.sealingKey().secret.symmetricKeySize).toBe(32);
    expect(ring.signingKey().privateKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(ring.status()).toEqual({
      isConfirmed: true,
      hasSealingKey: true,
      hasSigningKey: true,
      isReady: true,
    });
  });

  test('ten brokers that start together on an empty ring agree on its keys', async () => {
    const store = new MemoryKeyStore();
    const all = await Promise.all(Array.from({ length: 10 }, () => openRing(store)));
    expect(store.rows).toHaveLength(2);
    expect(new Set(all.map((ring) => ring.sealingKey().kid)).size).toBe(1);
    expect(new Set(all.map((ring) => ring.signingKey().kid)).size).toBe(1);
  });

  test('the next broker opens what the first one made', async () => {
    const store = new MemoryKeyStore();
    const first = await openRing(store);
    const second = await openRing(store);
    expect(second.sealingKey().secret.equals(first.sealingKey().secret)).toBe(true);
    const signature = sign('sha256', Buffer.from('x'), first.signingKey().privateKey);
    const publicKey = createPublicKey({ key: { ...second.signingKey().publicJwk }, format: 'jwk' });
    expect(verify('sha256', Buffer.from('x'), publicKey, signature)).toBe(true);
  });

  test('another key-encryption key does not start, and changes nothing', async () => {
    const store = new MemoryKeyStore();
    await openRing(store);
    const before = store.rows;
    await expect(openRing(store, OTHER_KEK)).rejects.toThrow(
      /does not open under the configured key-encryption key/,
    );
    expect(store.rows).toBe(before);
  });

  test('a broker with another key-encryption key that lost the race on an empty ring does not add to it', async () => {
    const store = new MemoryKeyStore();
    const [one, other] = await Promise.allSettled([openRing(store), openRing(store, OTHER_KEK)]);
    expect([one.status, other.status]).toEqual(['fulfilled', 'rejected']);
    expect(store.rows).toHaveLength(2);
  });

  test('check 9, OpenID Connect Core §10.1.1: keys rotate: published, then used, then kept, then gone', async () => {
    const store = new MemoryKeyStore();
    const clock = movableClock();
    const ring = await openRing(store, KEK, clock);
    const first = { seal: ring.sealingKey().kid, sign: ring.signingKey().kid };

    const step = async (ms: number): Promise<void> => {
      clock.advance(ms);
      await ring.refresh();
      await ring.rotate();
    };
    await step(49 * MINUTE);
    expect(ring.publicJwks().keys).toHaveLength(1);

    await step(2 * MINUTE);
    expect(ring.publicJwks().keys).toHaveLength(2);
    expect(ring.signingKey().kid).toBe(first.sign);
    expect(ring.sealingKeys()).toHaveLength(2);

    await step(10 * MINUTE);
    expect(ring.signingKey().kid).not.toBe(first.sign);
    expect(ring.sealingKey().kid).not.toBe(first.seal);
    expect(ring.publicJwks().keys.map(({ kid }) => kid)).toEqual([first.sign, ring.signingKey().kid]);
    expect(ring.sealingKeyById(first.seal)).not.toBeNull();

    await step(6 * MINUTE);
    expect(ring.publicJwks().keys.map(({ kid }) => kid)).toEqual([ring.signingKey().kid]);
    expect(ring.sealingKeyById(first.seal)).toBeNull();
  });

  test('a key that stays in the ring stays the same object, so that what hangs on it stays too', async () => {
    const ring = await openRing(new MemoryKeyStore());
    const before = ring.sealingKey();
    await ring.refresh();
    expect(ring.sealingKey()).toBe(before);
  });

  test('the published set holds public members only, each with kid, use and alg, and no sealing key', async () => {
    const ring = await openRing(new MemoryKeyStore());
    const { keys } = ring.publicJwks();
    expect(keys.map((key) => Object.keys(key).toSorted())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    ]);
    const jwt = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: ring.signingKey().kid })
      .sign(ring.signingKey().privateKey);
    await expect(
      jwtVerify(jwt, createLocalJWKSet({ keys: keys.map((key) => ({ ...key })) })),
    ).resolves.toBeDefined();
    const asStore = await JWK.asKeyStore({ keys });
    expect(asStore.all()).toHaveLength(1);
  });

  test('a ring that was not confirmed for too long makes and opens nothing', async () => {
    const store = new MemoryKeyStore();
    const clock = movableClock();
    const ring = await openRing(store, KEK, clock);
    const { kid } = ring.sealingKey();
    store.isAway = true;
    clock.advance(KEY_RING_STALENESS_BOUND_MS);
    await expect(ring.refresh()).rejects.toMatchObject({ reason: 'broker.unavailable' });
    expect(ring.sealingKey().kid).toBe(kid);
    clock.advance(1);
    const unavailable = expect.objectContaining({ reason: 'broker.unavailable' });
    expect(() => ring.sealingKey()).toThrow(unavailable);
    expect(() => ring.sealingKeyById(kid)).toThrow(unavailable);
    expect(() => ring.signingKey()).toThrow(unavailable);
    expect(ring.status()).toMatchObject({ isConfirmed: false, isReady: false });
    expect(ring.publicJwks().keys).toHaveLength(1);

    store.isAway = false;
    await ring.refresh();
    expect(ring.sealingKey().kid).toBe(kid);
    expect(ring.status().isReady).toBe(true);
  });

  test('a clock that jumps back far does not make the ring look fresh for ever', async () => {
    const clock = movableClock();
    const ring = await openRing(new MemoryKeyStore(), KEK, clock);
    clock.advance(-KEY_RING_STALENESS_BOUND_MS - 1);
    expect(ring.status().isConfirmed).toBe(false);
  });

  test('K-01: a thousand unknown kids make it look once per cool-down', async () => {
    const store = new MemoryKeyStore();
    const clock = movableClock();
    const ring = await openRing(store, KEK, clock);
    const before = store.readings;
    const unknown = () => ring.findSealingKey(randomBytes(9).toString('base64url'));
    expect(await Promise.all(Array.from({ length: 1000 }, unknown))).toEqual(Array(1000).fill(null));
    expect(store.readings - before).toBe(1);
    clock.advance(UNKNOWN_KEY_COOL_DOWN_MS);
    await unknown();
    expect(store.readings - before).toBe(2);
  });

  test('K-02: a key that another broker has just made is found', async () => {
    const store = new MemoryKeyStore();
    const clock = movableClock();
    const one = await openRing(store, KEK, clock);
    const other = await openRing(store, KEK, clock);
    const known = one.sealingKeys().map(({ kid }) => kid);
    clock.advance(55 * MINUTE);
    await other.refresh();
    await other.rotate();
    const made = other.sealingKeys().find(({ kid }) => !known.includes(kid));
    expect(made).toBeDefined();
    expect(await one.findSealingKey(made?.kid ?? '')).toMatchObject({ kid: made?.kid });
  });

  test('an unknown kid while the store is away is not a no', async () => {
    const store = new MemoryKeyStore();
    const ring = await openRing(store);
    store.isAway = true;
    const asked = [ring.findSealingKey('a'), ring.findSealingKey('b')];
    for (const one of asked) await expect(one).rejects.toMatchObject({ reason: 'broker.unavailable' });
    await expect(ring.findSealingKey('c')).rejects.toMatchObject({ reason: 'broker.unavailable' });
  });

  test('a hint that comes while the ring is being read makes it read once more, for all who hinted', async () => {
    const store = new MemoryKeyStore();
    const ring = await openRing(store);
    const before = store.readings;
    await Promise.all([ring.refresh(), ring.refresh(), ring.refresh(), ring.refresh()]);
    expect(store.readings - before).toBe(2);
  });

  test('a signing kid is no sealing kid', async () => {
    const ring = await openRing(new MemoryKeyStore());
    expect(ring.sealingKeyById(ring.signingKey().kid)).toBeNull();
  });
});
