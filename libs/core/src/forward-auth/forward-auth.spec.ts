import { API, createWorld, type World } from '#testing';
import { readIpNetwork } from '../shared/ip-network.ts';
import type { ForwardAuthProfile, ForwardAuthRequest } from '../index.ts';

const URI = '/v1/orders/42/refund';

function worldOf(changes: Partial<ForwardAuthProfile> = {}): World {
  const world = createWorld();
  world.registrations.orders.forwardAuth = {
    from: [readIpNetwork('10.0.3.0/24')!],
    dialect: 'original',
    body: 'api',
    requestId: null,
    resourceMetadata: null,
    ...changes,
  };
  return world;
}

async function tokenOf(world: World): Promise<string> {
  return (await world.exchange(world.make.exchange())).accessToken;
}

/** As nginx asks; `null` leaves a header out. */
function question(
  world: World,
  token: string,
  headers: Record<string, string | null> = {},
  changes: Partial<ForwardAuthRequest> = {},
): ForwardAuthRequest {
  const sent = {
    authorization: `DPoP ${token}`,
    dpop: world.make.apiProof(token),
    'x-original-method': 'POST',
    'x-original-uri': URI,
    ...headers,
  };
  const rawHeaders = Object.entries(sent).flatMap(([name, value]) => (value === null ? [] : [name, value]));
  return { serverId: 'orders', rest: '', method: 'GET', http: { rawHeaders, ip: '10.0.3.7' }, ...changes };
}

async function verdictOf(world: World, request: ForwardAuthRequest): Promise<string> {
  try {
    await world.forwardAuth(request);
  } catch {
    // What was thrown is on record too.
  }
  const event = world.ledger.events.at(-1);
  return event?.reason ?? event?.outcome ?? 'nothing';
}

const FORWARDED = {
  'x-original-method': null,
  'x-original-uri': null,
  'x-forwarded-method': 'POST',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'api.example',
  'x-forwarded-uri': URI,
};

it.each<{
  name: string;
  profile?: Partial<ForwardAuthProfile>;
  headers?: Record<string, string | null>;
  changes?: Partial<ForwardAuthRequest>;
  expected: string;
}>([
  { name: 'lets nginx pass a request', expected: 'spent' },
  { name: 'lets Caddy pass it', profile: { dialect: 'forwarded' }, headers: FORWARDED, expected: 'spent' },
  {
    name: 'lets Envoy pass it',
    profile: { dialect: 'path' },
    headers: { host: 'api.example', 'x-original-method': null, 'x-original-uri': null },
    changes: { method: 'POST', rest: URI },
    expected: 'spent',
  },
  {
    name: 'refuses what Envoy tells of another method',
    profile: { dialect: 'path' },
    headers: { host: 'api.example' },
    changes: { rest: URI },
    expected: 'token.wrong_method',
  },
  {
    name: 'I-44 refuses a stranger',
    changes: { http: { rawHeaders: [], ip: '10.0.4.1' } },
    expected: 'gateway.unknown',
  },
  {
    name: 'I-44 refuses whom a shared proxy passes on',
    changes: { http: { rawHeaders: [], ip: null } },
    expected: 'gateway.unknown',
  },
  {
    name: 'refuses the gateway of an API that has none',
    changes: { serverId: 'elsewhere' },
    expected: 'gateway.unknown',
  },
  { name: 'refuses the gateway of nobody', changes: { serverId: 'nobody' }, expected: 'gateway.unknown' },
  { name: 'wants the method', headers: { 'x-original-method': '' }, expected: 'gateway.malformed' },
  { name: 'wants a path', headers: { 'x-original-uri': 'orders' }, expected: 'gateway.malformed' },
  { name: 'takes nothing below the id', changes: { rest: '/x' }, expected: 'gateway.malformed' },
  { name: 'wants the request id', profile: { requestId: 'x-id' }, expected: 'gateway.malformed' },
  { name: 'wants the digest', profile: { body: 'gateway' }, expected: 'gateway.malformed' },
  { name: 'takes no body on trust', profile: { body: 'none' }, expected: 'token.wrong_digest' },
  { name: 'refuses no token', headers: { authorization: null }, expected: 'token.missing' },
  { name: 'refuses a password', headers: { authorization: 'Basic eDp5' }, expected: 'token.missing' },
  {
    name: 'refuses two tokens in one',
    headers: { authorization: 'DPoP a, DPoP b' },
    expected: 'token.ambiguous',
  },
  { name: 'refuses no proof', headers: { dpop: null }, expected: 'token.proof_missing' },
  { name: 'refuses another proof', headers: { dpop: 'a.b.c' }, expected: 'token.proof_refused' },
  { name: 'refuses another token', headers: { authorization: 'DPoP once_x' }, expected: 'token.forged' },
])('$name', async ({ profile, headers, changes, expected }) => {
  const world = worldOf(profile);
  const token = await tokenOf(world);
  expect(await verdictOf(world, question(world, token, headers, changes))).toBe(expected);

  Object.assign(world.registrations.orders.forwardAuth!, {
    dialect: 'original',
    body: 'api',
    requestId: null,
  });
  const again = await verdictOf(world, question(world, token));
  expect(again).toBe(expected === 'spent' ? 'token.already_spent' : 'spent');
});

it('a body may be there with POST: a token for none is not enough, where nobody looks at it', async () => {
  const world = worldOf({ body: 'none' });
  const operation = { ...world.make.exchange().operation!, contentDigest: null };
  const { accessToken } = await world.exchange(world.make.exchange({ operation }));
  expect(await verdictOf(world, question(world, accessToken))).toBe('token.wrong_digest');
  Object.assign(world.registrations.orders.forwardAuth!, { body: 'api' });
  const answer = await world.forwardAuth(question(world, accessToken));
  expect(answer).toMatchObject({
    permitted: true,
    headers: { 'X-Oncekey-Content-Digest': 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:' },
  });
});

it('wants everything told of an API that would check for itself', async () => {
  const world = worldOf();
  world.registrations.orders.binding = 'self';
  const token = await tokenOf(world);
  expect(await verdictOf(world, question(world, token, { dpop: null }))).toBe('token.proof_missing');
  expect(await verdictOf(world, question(world, token))).toBe('spent');
});

it('tells names in a spelling that fits into a header and has one meaning', async () => {
  const world = worldOf();
  const subject = 'Ада 100%\r\nX-Oncekey-Acr: phr';
  const { accessToken } = await world.exchange(
    world.make.exchange({ subjectToken: world.make.idToken({ sub: 'ada' }) }),
  );
  const grant = world.sealed.get(accessToken)!;
  world.sealed.set(accessToken, { ...grant, sub: subject });
  const answer = await world.forwardAuth(question(world, accessToken));
  const told = answer.permitted ? (answer.headers['X-Oncekey-Subject'] ?? '') : '';
  expect(told).toBe('%D0%90%D0%B4%D0%B0%20100%25%0D%0AX-Oncekey-Acr:%20phr');
  expect(decodeURIComponent(told)).toBe(subject);
});

it('challenges for a DPoP token, with the metadata of the API', async () => {
  const resourceMetadata = `${API}/.well-known/oauth-protected-resource`;
  const world = worldOf({ resourceMetadata });
  expect(await world.forwardAuth(question(world, 'x', { authorization: null }))).toMatchObject({
    permitted: false,
    challenge: `DPoP resource_metadata="${resourceMetadata}", algs="ES256 PS256 EdDSA"`,
  });
});
