import { API, createWorld, credentialsOf, DIGEST, fakeKey, NOW } from '#testing';
import type { InactiveReason, IntrospectionRequest } from '../index.ts';

type World = ReturnType<typeof createWorld>;
const seconds = NOW / 1000;
type Presented = Partial<IntrospectionRequest['presented']>;

async function tokenOf(world: World): Promise<string> {
  return (await world.exchange(world.make.exchange())).accessToken;
}

/** What the audit log says of the last request. */
function recorded(world: World): string {
  const event = world.ledger.events.at(-1);
  return event?.reason ?? event?.outcome ?? 'nothing';
}

async function present(world: World, token: string, presented: Presented = {}): Promise<string> {
  await world.introspect(world.make.introspection(token, presented));
  return recorded(world);
}

describe('introspect', () => {
  it.each<{ name: string; presented: (world: World, token: string) => Presented; expected: InactiveReason }>([
    {
      name: 'I-20 refuses the method in lower case',
      presented: () => ({ method: 'post' }),
      expected: 'token.wrong_method',
    },
    {
      name: 'D9 refuses HEAD for another method',
      presented: () => ({ method: 'HEAD' }),
      expected: 'token.wrong_method',
    },
    {
      name: 'I-22 refuses plain http',
      presented: () => ({ targetUri: 'http://api.example/v1/orders/42/refund' }),
      expected: 'token.wrong_uri',
    },
    {
      name: 'I-26 refuses the path in another case',
      presented: () => ({ targetUri: `${API}/Orders/42/refund` }),
      expected: 'token.wrong_uri',
    },
    {
      name: 'I-28 refuses a path that only normalises into the permitted one',
      presented: () => ({ targetUri: `${API}/x/../orders/42/refund` }),
      expected: 'token.wrong_uri',
    },
    {
      name: 'I-28 refuses encoded dot segments',
      presented: () => ({ targetUri: `${API}/x/%2e%2e/orders/42/refund` }),
      expected: 'token.wrong_uri',
    },
    {
      name: 'I-28 refuses a doubled slash',
      presented: () => ({ targetUri: `${API}//orders/42/refund` }),
      expected: 'token.wrong_uri',
    },
    {
      name: 'I-30 refuses matrix parameters',
      presented: () => ({ targetUri: `${API}/orders/42;x=1/refund` }),
      expected: 'token.wrong_uri',
    },
    {
      name: 'I-32 refuses an empty query where there was none',
      presented: () => ({ targetUri: `${API}/orders/42/refund?` }),
      expected: 'token.wrong_uri',
    },
    {
      name: 'refuses another order',
      presented: () => ({ targetUri: `${API}/orders/43/refund` }),
      expected: 'token.wrong_uri',
    },
    {
      name: 'I-38 refuses another body',
      presented: () => ({ contentDigest: `sha-256=:${Buffer.alloc(32).toString('base64')}:` }),
      expected: 'token.wrong_digest',
    },
    {
      name: 'I-38 refuses a body that was not told',
      presented: () => ({ contentDigest: null }),
      expected: 'token.wrong_digest',
    },
    {
      name: 'refuses a digest that is none',
      presented: () => ({ contentDigest: 'md5=:AAAA:' }),
      expected: 'token.wrong_digest',
    },
    {
      name: 'refuses when the method is not told',
      presented: () => ({ method: null }),
      expected: 'token.binding_missing',
    },
    {
      name: 'refuses when no proof is forwarded',
      presented: () => ({ dpopProof: null }),
      expected: 'token.proof_missing',
    },
    {
      name: 'DP-22 refuses the proof of another key',
      presented: ({ make }, token) => ({ dpopProof: make.apiProof(token, {}, fakeKey()) }),
      expected: 'token.proof_refused',
    },
    {
      name: 'DP-19 refuses a proof of another token',
      presented: ({ make }) => ({ dpopProof: make.apiProof('once_other') }),
      expected: 'token.proof_refused',
    },
    {
      name: 'DP-19 refuses a proof without ath',
      presented: ({ make }, token) => ({ dpopProof: make.apiProof(token, { ath: undefined }) }),
      expected: 'token.proof_refused',
    },
    {
      name: 'DP-28 refuses a proof made for the token endpoint',
      presented: ({ make }) => ({ dpopProof: make.proof() }),
      expected: 'token.proof_refused',
    },
    {
      name: 'DP-13 refuses an old proof',
      presented: ({ make }, token) => ({ dpopProof: make.apiProof(token, { iat: seconds - 120 }) }),
      expected: 'token.proof_refused',
    },
  ])('$name, and the token lives on', async ({ presented, expected }) => {
    const world = createWorld();
    const token = await tokenOf(world);
    expect(await present(world, token, presented(world, token))).toBe(expected);
    expect(await present(world, token)).toBe('spent');
  });

  it('I-10 honours a token once', async () => {
    const world = createWorld();
    const token = await tokenOf(world);
    expect(await present(world, token)).toBe('spent');
    expect(await present(world, token)).toBe('token.already_spent');
  });

  it('check 82 says what the token permitted and nothing that only concerns the broker', async () => {
    const world = createWorld();
    const answer = await world.introspect(world.make.introspection(await tokenOf(world)));
    expect(answer).toMatchObject({ active: true });
    expect(Object.keys('body' in answer ? answer.body : {}).sort()).toEqual([
      'active',
      'aud',
      'auth_time',
      'authorization_details',
      'client_id',
      'cnf',
      'exp',
      'htm',
      'htu',
      'iat',
      'iss',
      'jti',
      'scope',
      'sub',
      'sub_iss',
      'token_type',
      'txn',
    ]);
  });

  it('I-04 does not honour a token at another API, and I-50 kills it at the third attempt', async () => {
    const world = createWorld();
    const token = await tokenOf(world);
    const elsewhere = () =>
      world.introspect(
        world.make.introspection(
          token,
          {},
          {
            credentials: credentialsOf(
              world.make.assertion({ iss: 'elsewhere', sub: 'elsewhere' }, {}, world.keys.stranger),
            ),
          },
        ),
      );
    for (let attempt = 0; attempt < 3; attempt++) {
      await elsewhere();
      expect(recorded(world)).toBe('token.wrong_audience');
    }
    expect(await present(world, token)).toBe('token.killed');
  });

  it('I-01 answers inactive to a client, which may not spend', async () => {
    const world = createWorld();
    const token = await tokenOf(world);
    const request = world.make.introspection(
      token,
      {},
      {
        credentials: credentialsOf(world.make.assertion()),
      },
    );
    expect(await world.introspect(request)).toMatchObject({ active: false });
    expect(recorded(world)).toBe('caller.not_a_resource_server');
    expect(await present(world, token)).toBe('spent');
  });

  it('I-01 refuses a caller without credentials with 401 and spends nothing', async () => {
    const world = createWorld();
    const token = await tokenOf(world);
    const request = world.make.introspection(token, {}, { credentials: credentialsOf(null) });
    await expect(world.introspect(request)).rejects.toMatchObject({ reason: 'client.missing' });
    expect(await present(world, token)).toBe('spent');
  });

  it('is dead at the very second that it expires', async () => {
    const world = createWorld();
    const token = await tokenOf(world);
    world.advance(15_000);
    expect(await present(world, token)).toBe('token.expired');
  });

  it('check 89 repeats the answer for the same key and parameters, and refuses the same key with others', async () => {
    const world = createWorld();
    const token = await tokenOf(world);
    const proof = world.make.apiProof(token);
    const once = (dpopProof: string, idempotencyKey = 'key-1') =>
      world.introspect(world.make.introspection(token, { dpopProof }, { idempotencyKey }));
    const first = await once(proof);
    expect(await once(proof)).toEqual(first);
    expect(recorded(world)).toBe('repeated');
    await expect(once(world.make.apiProof(token))).rejects.toMatchObject({ reason: 'idempotency.conflict' });
    expect(await once(proof, 'key-2')).toMatchObject({ active: false });
  });

  it('DP-23 does not take a proof for a token that is bound to no key', async () => {
    const world = createWorld();
    world.registrations.orders.proof = 'none';
    const { accessToken } = await world.exchange(world.make.exchange({ dpopProofs: [] }));
    expect(await present(world, accessToken)).toBe('token.proof_refused');
    expect(await present(world, accessToken, { dpopProof: null })).toBe('spent');
  });

  it('lets a resource server that checks for itself leave the rest out, and believes no difference that it tells', async () => {
    const world = createWorld();
    world.registrations.orders.binding = 'self';
    const nothing = {
      method: null,
      targetUri: null,
      contentDigest: null,
      contentType: null,
      dpopProof: null,
    };
    const token = await tokenOf(world);
    expect(await present(world, token, { ...nothing, method: 'GET' })).toBe('token.wrong_method');
    expect(await present(world, token, nothing)).toBe('spent');
  });

  it('compares a body-less request with and without the digest of nothing', async () => {
    const world = createWorld();
    const empty = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';
    const operation = { ...world.make.exchange().operation!, contentDigest: null };
    const { accessToken } = await world.exchange(world.make.exchange({ operation }));
    expect(await present(world, accessToken, { contentDigest: `sha-256=:${DIGEST}:` })).toBe(
      'token.wrong_digest',
    );
    expect(await present(world, accessToken, { contentDigest: empty })).toBe('spent');
  });
});
