import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Unavailable } from '#core';
import type { SealingKey } from '../keys/ring-key.ts';
import { KeyRingNonces, NONCE_MAX_AGE_MS } from './key-ring-nonces.ts';

const NOW = 1_800_000_000_000;

function sealingKey(kid: string): SealingKey {
  return { kid, use: 'seal', createdAt: NOW, activeFrom: NOW, secret: createSecretKey(randomBytes(32)) };
}

function setUp() {
  const world = { now: NOW, keys: [sealingKey('one')], ledger: { ledger: 'main', incarnation: '1' } };
  const nonces = new KeyRingNonces({
    ring: {
      sealingKey: () => {
        const key = world.keys.at(-1);
        if (key === undefined) throw new Unavailable('key ring');
        return key;
      },
      sealingKeys: () => world.keys,
    },
    ledger: () => world.ledger,
    clock: { now: () => world.now },
  });
  return { world, nonces };
}

const CHANGES: readonly [string, (world: ReturnType<typeof setUp>['world']) => string][] = [
  ['DP-12: another client', () => 'other'],
  ['a client whose name begins alike', () => 'shop2'],
  ['no client', () => ''],
  [
    'another incarnation of the ledger',
    (world) => ((world.ledger = { ledger: 'main', incarnation: '2' }), 'shop'),
  ],
  ['another ledger', (world) => ((world.ledger = { ledger: 'other', incarnation: '1' }), 'shop')],
  ['another sealing key', (world) => ((world.keys = [sealingKey('two')]), 'shop')],
  ['a clock of an hour ago', (world) => ((world.now -= 3_600_000), 'shop')],
];

describe(KeyRingNonces.name, () => {
  test('a nonce is fresh for its client for a minute', () => {
    const { world, nonces } = setUp();
    const nonce = nonces.issue('shop');
    world.now += NONCE_MAX_AGE_MS;
    expect(nonces.isFresh(nonce, 'shop')).toBe(true);
    world.now += 1;
    expect(nonces.isFresh(nonce, 'shop')).toBe(false);
  });

  test('it is made of the characters that RFC 9449 allows', () => {
    expect(setUp().nonces.issue('shop')).toMatch(/^[\x21\x23-\x5B\x5D-\x7E]{30}$/);
  });

  test.each(CHANGES)('it is not fresh for %s', (_, change) => {
    const { world, nonces } = setUp();
    const nonce = nonces.issue('shop');
    expect(nonces.isFresh(nonce, change(world))).toBe(false);
  });

  test.each(CHANGES)('it is not fresh for %s, though it was before', (_, change) => {
    const { world, nonces } = setUp();
    const nonce = nonces.issue('shop');
    expect(nonces.isFresh(nonce, 'shop')).toBe(true);
    expect(nonces.isFresh(nonce, change(world))).toBe(false);
  });

  test('a client is given the same one within a second, and another one afterwards', () => {
    const { world, nonces } = setUp();
    const nonce = nonces.issue('shop');
    world.now += 999;
    expect([nonces.issue('shop'), nonces.issue('shop2')]).toEqual([nonce, expect.not.stringMatching(nonce)]);
    world.now += 1;
    expect(nonces.issue('shop')).not.toBe(nonce);
  });

  test.each<[string, (world: ReturnType<typeof setUp>['world']) => void]>([
    ['the sealing key rotates', (world) => (world.keys = [...world.keys, sealingKey('two')])],
    ['the ledger begins anew', (world) => (world.ledger = { ledger: 'main', incarnation: '2' })],
    ['the clock is set back', (world) => (world.now -= 1)],
  ])('a client is given another one at once when %s', (_, change) => {
    const { world, nonces } = setUp();
    const nonce = nonces.issue('shop');
    change(world);
    const next = nonces.issue('shop');
    expect([next === nonce, nonces.isFresh(next, 'shop')]).toEqual([false, true]);
  });

  test('names cannot be moved over the border between client and ledger', () => {
    const { world, nonces } = setUp();
    world.ledger = { ledger: 'b', incarnation: 'c' };
    const nonce = nonces.issue('a');
    world.ledger = { ledger: '', incarnation: 'c' };
    expect(nonces.isFresh(nonce, 'ab')).toBe(false);
    expect(nonces.isFresh(nonce, 'a","b')).toBe(false);
  });

  test('DP-30: it stays fresh when the sealing key rotates', () => {
    const { world, nonces } = setUp();
    const nonce = nonces.issue('shop');
    world.keys = [...world.keys, sealingKey('two')];
    expect(nonces.isFresh(nonce, 'shop')).toBe(true);
    expect(nonces.isFresh(nonces.issue('shop'), 'shop')).toBe(true);
  });

  test('another broker whose clock is a little behind takes it, one that is far behind does not', () => {
    const { world, nonces } = setUp();
    const nonce = nonces.issue('shop');
    world.now = NOW - 10_000;
    expect(nonces.isFresh(nonce, 'shop')).toBe(true);
    world.now = NOW - 10_001;
    expect(nonces.isFresh(nonce, 'shop')).toBe(false);
  });

  test('no other text is fresh, and none makes it throw', () => {
    const { nonces } = setUp();
    const nonce = nonces.issue('shop');
    const hostile = [
      '',
      '.',
      'A'.repeat(30),
      'A'.repeat(1_000_000),
      `${nonce}=`,
      ` ${nonce}`,
      `${nonce}\n`,
      nonce.slice(1),
      nonce.toLowerCase(),
      '\uD800',
      '\u0000',
    ];
    expect(hostile.filter((one) => nonces.isFresh(one, 'shop'))).toEqual([]);
    fc.assert(
      fc.property(
        fc.string({ maxLength: 100 }),
        fc.string(),
        (text, client) => !nonces.isFresh(text, client),
      ),
    );
    fc.assert(
      fc.property(fc.nat(nonce.length - 1), fc.constantFrom(...'AZaz09-_'.split('')), (at, char) => {
        const changed = nonce.slice(0, at) + char + nonce.slice(at + 1);
        return changed === nonce || !nonces.isFresh(changed, 'shop');
      }),
    );
    expect(nonces.isFresh(nonce, 'shop')).toBe(true);
  });

  test('a client with half a character in its name has its own nonces', () => {
    const { nonces } = setUp();
    expect(nonces.isFresh(nonces.issue('\uD800'), '\uD800')).toBe(true);
    expect(nonces.isFresh(nonces.issue('\uD800'), '\uD801')).toBe(false);
  });

  test('without a key or a ledger it says so', () => {
    const { world, nonces } = setUp();
    world.keys = [];
    expect(() => nonces.issue('shop')).toThrow(expect.objectContaining({ reason: 'broker.unavailable' }));
  });
});
