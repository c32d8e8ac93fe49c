import { createWorld, credentialsOf, type World } from '../../../testing/src/index.ts';

describe('revoke', () => {
  let world: World;
  let token: string;
  beforeEach(async () => {
    world = createWorld();
    ({ accessToken: token } = await world.exchange(world.make.exchange()));
  });

  const revoke = (value: string, assertion = world.make.assertion()): Promise<string> =>
    world.revoke({ credentials: credentialsOf(assertion), token: value }).then(
      () => 'revoked',
      ({ reason }: { reason: string }) => reason,
    );
  const isActive = async (): Promise<boolean> =>
    (await world.introspect(world.make.introspection(token))).active;
  const last = (): unknown => world.ledger.events.at(-1);

  it('check 92: takes a client’s own token back, and says so in the audit log', async () => {
    expect(await revoke(token)).toBe('revoked');
    expect(last()).toMatchObject({
      type: 'token.revoke',
      outcome: 'revoked',
      reason: null,
      callerId: 'desk',
      tokenId: world.sealed.get(token)?.jti,
    });
    expect(await isActive()).toBe(false);
    expect(last()).toMatchObject({ reason: 'token.revoked' });
  });

  it.each<{ name: string; reason: string; change: (world: World) => string }>([
    { name: 'a token of nobody', reason: 'token.forged', change: () => 'once_unknown' },
    {
      name: 'a token of another client',
      reason: 'token.foreign_client',
      change: ({ sealed }) => {
        sealed.set('once_kiosk', { ...sealed.get(token)!, client_id: 'kiosk' });
        return 'once_kiosk';
      },
    },
    {
      name: 'a token of another issuer',
      reason: 'token.foreign_issuer',
      change: ({ sealed }) => {
        sealed.set('once_far', { ...sealed.get(token)!, iss: 'https://far.example' });
        return 'once_far';
      },
    },
  ])('check 92: leaves $name alone, and tells the client nothing of it', async ({ change, reason }) => {
    expect(await revoke(change(world))).toBe('revoked');
    expect(last()).toMatchObject({ outcome: 'inactive', reason });
    expect(await isActive()).toBe(true);
  });

  it.each<{ name: string; assertion: (world: World) => string | null; refused: string }>([
    { name: 'nobody', assertion: () => null, refused: 'client.missing' },
    {
      name: 'a stranger',
      assertion: ({ make, keys }) => make.assertion({}, {}, keys.stranger),
      refused: 'client.bad_signature',
    },
    {
      name: 'a resource server',
      assertion: ({ make, keys }) => make.assertion({ iss: 'orders', sub: 'orders' }, {}, keys.server),
      refused: 'client.not_allowed',
    },
  ])('takes no word of $name: $refused', async ({ assertion, refused }) => {
    const credentials = credentialsOf(assertion(world));
    await expect(world.revoke({ credentials, token })).rejects.toMatchObject({ reason: refused });
    expect(await isActive()).toBe(true);
  });

  it('takes an assertion once', async () => {
    const assertion = world.make.assertion();
    expect(await revoke('once_unknown', assertion)).toBe('revoked');
    expect(await revoke(token, assertion)).toBe('client.replayed');
    expect(await isActive()).toBe(true);
  });

  it('is not known to have happened when the ledger is away', async () => {
    world.ledger.isAway = true;
    expect(await revoke(token)).toBe('broker.unavailable');
    world.ledger.isAway = false;
    expect(await isActive()).toBe(true);
  });
});
