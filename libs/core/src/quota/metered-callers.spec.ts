import { createWorld, credentialsOf } from '#testing';
import { MeteredCallers, OAuthError } from '../index.ts';

type World = ReturnType<typeof createWorld>;

const QUOTA = { requestsPerSecond: 1, burst: 2 };

function worldWithQuota(): World {
  const world = createWorld();
  world.registrations.client.quota = QUOTA;
  return world;
}

/** What an exchange comes to, and for how long it is to wait. */
async function exchanged(world: World, request = world.make.exchange()): Promise<string> {
  try {
    await world.exchange(request);
    return 'permitted';
  } catch (thrown) {
    if (!(thrown instanceof OAuthError)) throw thrown;
    return `${thrown.reason} ${thrown.extras.retryAfterSeconds ?? ''}`.trim();
  }
}

/** An exchange that says it is of this client, from somewhere; signed by whomever. */
function from(world: World, source: string, key = world.keys.client) {
  const assertion = world.make.assertion({}, {}, key);
  return world.make.exchange({ credentials: credentialsOf(assertion, { source }) });
}

const OVER = 'quota.exceeded 1';

it('refuses a client that is over its quota, and serves it again when it has waited', async () => {
  const world = worldWithQuota();
  const heard = [await exchanged(world), await exchanged(world), await exchanged(world)];
  expect(heard).toEqual(['permitted', 'permitted', OVER]);
  world.advance(1_000);
  expect(await exchanged(world)).toBe('permitted');
  expect(await exchanged(world)).toBe(OVER);
});

it('puts one refusal on record, and writes nothing for a caller that does not wait', async () => {
  const world = worldWithQuota();
  for (let sent = 0; sent < 20; sent++) await exchanged(world);
  expect(world.ledger.events.map(({ reason, detail }) => [reason, detail])).toEqual([
    [null, null],
    [null, null],
    ['quota.exceeded', 'desk'],
  ]);
});

it('a stranger who names a client empties nothing', async () => {
  const world = worldWithQuota();
  for (let sent = 0; sent < 20; sent++) {
    expect(await exchanged(world, from(world, 'elsewhere', world.keys.stranger))).toBe(
      'client.bad_signature',
    );
  }
  expect(await exchanged(world)).toBe('permitted');
});

it('a client is held back where it proved who it was, and refused elsewhere only after it has proved it again', async () => {
  const world = worldWithQuota();
  for (let sent = 0; sent < 3; sent++) await exchanged(world, from(world, 'here'));
  const stranger = await exchanged(world, from(world, 'elsewhere', world.keys.stranger));
  expect(stranger).toBe('client.bad_signature');
  expect(await exchanged(world, from(world, 'elsewhere'))).toBe(OVER);
});

it('callers do not share a quota, and an introspection that is refused spends nothing', async () => {
  const world = createWorld();
  const token = (await world.exchange(world.make.exchange())).accessToken;
  world.registrations.client.quota = QUOTA;
  world.registrations.orders.quota = { requestsPerSecond: 1, burst: 1 };
  for (let sent = 0; sent < 3; sent++) await exchanged(world);
  expect(await exchanged(world)).toBe(OVER);

  const nonsense = await world.introspect(world.make.introspection('once_nonsense'));
  expect(nonsense.active).toBe(false);
  const refused = world.introspect(world.make.introspection(token));
  await expect(refused).rejects.toMatchObject({ reason: 'quota.exceeded' });
  world.advance(1_000);
  expect((await world.introspect(world.make.introspection(token))).active).toBe(true);
});

describe('a source of requests', () => {
  const { client, orders } = createWorld().registrations;

  function metered() {
    const clock = { nowMs: 0 };
    const refused: string[] = [];
    const quotas = new MeteredCallers({
      defaults: { client: QUOTA, resource_server: QUOTA },
      processes: 1,
      most: 10,
      elapsedMs: () => clock.nowMs,
      onRefused: (kind) => void refused.push(kind),
    });
    const callTooOften = (source: string, caller: typeof client | typeof orders): void => {
      expect(() => {
        for (let sent = 0; sent < 3; sent++) quotas.charge(source, caller);
      }).toThrow(OAuthError);
    };
    const waitsMs = (source: string): number[] => Array.from({ length: 32 }, () => quotas.waitMs(source));
    return { clock, refused, quotas, callTooOften, waitsMs };
  }

  it('need not be read while its only caller is held back, but for one request in sixteen', () => {
    const { clock, refused, callTooOften, waitsMs } = metered();
    expect(new Set(waitsMs('here'))).toEqual(new Set([0]));
    callTooOften('here', client);
    expect(waitsMs('here').filter((ms) => ms === 1_000)).toHaveLength(30);
    expect(refused).toEqual(Array.from({ length: 31 }, () => 'client'));
    expect(new Set(waitsMs('elsewhere'))).toEqual(new Set([0]));
    clock.nowMs += 1_000;
    expect(new Set(waitsMs('here'))).toEqual(new Set([0]));
  });

  it('is read as ever when another caller was seen there in the last ten minutes', () => {
    const { clock, quotas, callTooOften, waitsMs } = metered();
    quotas.charge('here', orders);
    callTooOften('here', client);
    expect(new Set(waitsMs('here'))).toEqual(new Set([0]));
    clock.nowMs += 600_000;
    callTooOften('here', client);
    expect(new Set(waitsMs('here'))).toEqual(new Set([1_000, 0]));
    quotas.charge('here', orders);
    expect(new Set(waitsMs('here'))).toEqual(new Set([0]));
  });

  it('is told by who was held back there, and nowhere else', () => {
    const { quotas, callTooOften, waitsMs } = metered();
    callTooOften('here', client);
    expect(() => quotas.charge('there', client)).toThrow(OAuthError);
    expect(new Set(waitsMs('there'))).toEqual(new Set([1_000, 0]));
    quotas.charge('elsewhere', orders);
    expect(new Set(waitsMs('elsewhere'))).toEqual(new Set([0]));
  });
});
