import { generateKeyPairSync } from 'node:crypto';
import type { IdentityProviderRegistration } from '#core';
import { publicJwkOf } from '../../../../test/support/public-jwk-of.ts';
import { FAILURE_PAUSE_MS, MAX_AGE_MS } from './issuer-key-set.ts';
import { RemoteIssuerKeys } from './remote-issuer-keys.ts';

const BROKERS = 50;
const ISSUER = 'https://idp.example';
const PROVIDER: IdentityProviderRegistration = {
  id: 'corp',
  issuer: ISSUER,
  algorithms: ['ES256'],
  maxAgeSeconds: 3600,
  groupsClaim: null,
  groupsPrefix: '',
  events: null,
};
/** Discovery, and the key set. */
const DOCUMENTS = 2;

/** Brokers that all start at the same moment, and a provider that counts what it is asked, and when. */
function restartTogether() {
  const key = { ...publicJwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey), kid: 'one' };
  const world = { now: 1_800_000_000_000, isDown: false, askedAt: [] as number[] };
  const brokers = Array.from(
    { length: BROKERS },
    () =>
      new RemoteIssuerKeys({
        clock: { now: () => world.now },
        onProblem: () => undefined,
        fetchJson: async (url) => {
          world.askedAt.push(world.now);
          if (world.isDown) throw new Error('down');
          return url.endsWith('/keys') ? { keys: [key] } : { issuer: ISSUER, jwks_uri: `${ISSUER}/keys` };
        },
      }),
  );
  /** So many users sign in at every broker, at the same time. */
  const signIns = async (count: number): Promise<void> => {
    const asked = brokers.flatMap((broker) =>
      Array.from({ length: count }, () => broker.of(PROVIDER, 'one')),
    );
    await Promise.allSettled(asked);
    // A refresh in the background has to come to its end before time goes on.
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { world, signIns };
}

describe('K-09 brokers that all restart together', () => {
  it('ask an issuer for two documents each, however many users wait', async () => {
    const { world, signIns } = restartTogether();
    await signIns(20);
    expect(world.askedAt).toHaveLength(BROKERS * DOCUMENTS);
    await signIns(20);
    expect(world.askedAt).toHaveLength(BROKERS * DOCUMENTS);
  });

  it('never ask it all at the same moment again: each refreshes when it pleases, before its set is too old', async () => {
    const { world, signIns } = restartTogether();
    await signIns(1);
    const startedAt = world.now;
    world.askedAt.length = 0;
    while (world.now < startedAt + MAX_AGE_MS) {
      world.now += 1_000;
      await signIns(1);
    }
    expect(world.askedAt).toHaveLength(BROKERS * DOCUMENTS);
    const perSecond = new Map<number, number>();
    for (const at of world.askedAt) perSecond.set(at, (perSecond.get(at) ?? 0) + 1);
    // Spread over four minutes; eight brokers in one second of them happen once in ten million runs.
    expect(Math.max(...perSecond.values())).toBeLessThan(8 * DOCUMENTS);
  });

  it('ask an issuer that is down once per pause each, and are served as soon as it is back', async () => {
    const { world, signIns } = restartTogether();
    world.isDown = true;
    for (let pause = 1; pause <= 3; pause++) {
      for (let turn = 0; turn < 5; turn++) await signIns(4);
      expect(world.askedAt).toHaveLength(BROKERS * pause);
      world.now += FAILURE_PAUSE_MS + 1;
    }
    world.isDown = false;
    world.askedAt.length = 0;
    await signIns(4);
    expect(world.askedAt).toHaveLength(BROKERS * DOCUMENTS);
  });
});
