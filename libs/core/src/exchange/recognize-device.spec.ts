import { createWorld, NOW, PROVIDER, type World } from '../../../testing/src/index.ts';
import type { KnownDevice } from './device-registry.ts';

const LAPTOP: KnownDevice = {
  id: 'laptop',
  enabled: true,
  owner: { issuer: PROVIDER, subject: 'ada' },
  platform: 'macos',
  posture: null,
};
const POSTURE = {
  compliant: true,
  facts: ['disk_encrypted'],
  learntAt: NOW - 90_500,
  learntFrom: 'https://mdm.example',
};

describe('recognizeDevice', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
  });

  /** What the policies are told of the device; the reason where it does not come to that. */
  async function seen(known: KnownDevice | null, sub = 'ada'): Promise<unknown> {
    if (known !== null) world.devices.set(world.keys.device.publicKey.thumbprint, known);
    try {
      await world.exchange(world.make.exchange({ subjectToken: world.make.idToken({ sub }) }));
      return world.policy.asked.at(-1)?.context.device.registered;
    } catch (thrown) {
      return (thrown as { reason: string }).reason;
    }
  }

  it('tells the policies nothing of a device that nobody has registered', async () => {
    expect(await seen(null)).toBeUndefined();
    expect([...world.sealed.values()].at(-1)).not.toHaveProperty('device');
  });

  it('tells whose device it is, and ties the token to it', async () => {
    expect(await seen(LAPTOP)).toEqual({ ownerMatches: true, platform: 'macos', posture: null });
    expect([...world.sealed.values()].at(-1)).toMatchObject({ device: 'laptop' });
  });

  it.each([
    ['another subject', { ...LAPTOP.owner, subject: 'bob' }],
    ['the same subject of another issuer', { ...LAPTOP.owner, issuer: 'https://other.example' }],
  ])('tells that it belongs to %s', async (_, owner) => {
    expect(await seen({ ...LAPTOP, owner })).toMatchObject({ ownerMatches: false });
  });

  it('tells what was reported, when and by whom', async () => {
    expect(await seen({ ...LAPTOP, posture: POSTURE })).toMatchObject({
      posture: {
        compliant: true,
        facts: ['disk_encrypted'],
        learntAt: Math.floor(POSTURE.learntAt / 1000),
        attestedBy: 'https://mdm.example',
      },
    });
  });

  it('X-17 DP-26 refuses a device that was disabled', async () => {
    expect(await seen({ ...LAPTOP, enabled: false })).toBe('device.revoked');
    expect(await seen(LAPTOP)).toMatchObject({ ownerMatches: true });
  });

  it('check 97: refuses a device that is frozen, and its tokens are dead', async () => {
    world.devices.set(world.keys.device.publicKey.thumbprint, LAPTOP);
    const { accessToken } = await world.exchange(world.make.exchange());
    const change = async (is: 'block' | 'lift'): Promise<void> => {
      const cutOffs = [{ kind: 'device', id: 'laptop', change: { is } }] as const;
      const entry = { claims: [], describe: () => world.ledger.events[0]! };
      await world.ledger.revoke({ source: 'https://mdm.example', saidAt: null, event: null, cutOffs }, entry);
      world.advance(1_000);
    };
    await change('block');
    expect(await seen(LAPTOP)).toBe('device.revoked');
    expect(await world.introspect(world.make.introspection(accessToken))).toMatchObject({ active: false });
    await change('lift');
    expect(await seen(LAPTOP)).toMatchObject({ ownerMatches: true });
    expect(await world.introspect(world.make.introspection(accessToken))).toMatchObject({ active: false });
  });

  it('does not take silence for an unknown device', async () => {
    world.ports.devices.byKey = () => Promise.reject(new Error('gone'));
    expect(await seen(null)).toBe('broker.fault');
  });
});
