import { createWorld, fakeKey, ISSUER, NOW } from '#testing';
import { OAuthError, type RefusalReason } from '../index.ts';

type World = ReturnType<typeof createWorld>;
const seconds = NOW / 1000;

async function outcome(world: World, dpopProofs: readonly string[]): Promise<RefusalReason | 'ok'> {
  return world.exchange(world.make.exchange({ dpopProofs })).then(
    () => 'ok' as const,
    (thrown: unknown) => (thrown instanceof OAuthError ? thrown.reason : Promise.reject(thrown)),
  );
}

type Case = { name: string; proofs: (world: World) => readonly string[]; expected: RefusalReason | 'ok' };
const claims = (name: string, change: Record<string, unknown>, expected: Case['expected']): Case => ({
  name,
  proofs: ({ make }) => [make.proof(change)],
  expected,
});
const header = (name: string, change: Record<string, unknown>, expected: Case['expected']): Case => ({
  name,
  proofs: ({ make }) => [make.proof({}, change)],
  expected,
});

describe('verifyDevice', () => {
  it.each<Case>([
    {
      name: 'DP-01 refuses two proofs',
      proofs: ({ make }) => [make.proof(), make.proof()],
      expected: 'device.several_proofs',
    },
    {
      name: 'DP-01 refuses two proofs in one field',
      proofs: ({ make }) => [`${make.proof()}, ${make.proof()}`],
      expected: 'device.malformed_proof',
    },
    { name: 'DP-02 refuses an empty field', proofs: () => [''], expected: 'device.malformed_proof' },
    { name: 'DP-20 refuses no proof', proofs: () => [], expected: 'device.proof_missing' },
    {
      name: 'DP-06 refuses a signature by another key',
      proofs: ({ make, keys }) => [make.proof({}, { jwk: fakeKey().jwk }, keys.device)],
      expected: 'device.bad_signature',
    },
    claims('DP-03 refuses a missing jti', { jti: undefined }, 'device.bad_claims'),
    claims('DP-03 refuses an empty jti', { jti: '' }, 'device.bad_claims'),
    claims('DP-18 refuses a huge jti', { jti: 'x'.repeat(1000) }, 'device.bad_claims'),
    claims('DP-03 refuses a missing htm', { htm: undefined }, 'device.bad_claims'),
    claims('DP-03 refuses htu as a list', { htu: [`${ISSUER}/token`] }, 'device.bad_claims'),
    claims('DP-13 refuses iat as a string', { iat: String(seconds) }, 'device.bad_claims'),
    claims('DP-08 refuses another method', { htm: 'GET' }, 'device.wrong_request'),
    claims('DP-08 refuses the method in lower case', { htm: 'post' }, 'device.wrong_request'),
    claims('DP-09 pays no heed to query and fragment of htu', { htu: `${ISSUER}/token?a=b#c` }, 'ok'),
    claims(
      'DP-10 accepts host in upper case and the default port',
      { htu: 'https://BROKER.example:443/token' },
      'ok',
    ),
    claims(
      'DP-10 accepts dot segments and escapes of unreserved characters',
      { htu: `${ISSUER}/x/../%74oken` },
      'ok',
    ),
    claims('RFC 8705 §5 accepts the alias', { htu: 'https://mtls.broker.example/token' }, 'ok'),
    claims(
      'DP-10 refuses another path of the alias',
      { htu: 'https://mtls.broker.example/x' },
      'device.wrong_request',
    ),
    claims('DP-10 refuses another path', { htu: `${ISSUER}/introspect` }, 'device.wrong_request'),
    claims('DP-10 refuses a slash at the end', { htu: `${ISSUER}/token/` }, 'device.wrong_request'),
    claims('DP-10 refuses the path in another case', { htu: `${ISSUER}/Token` }, 'device.wrong_request'),
    claims('DP-10 refuses another host', { htu: 'https://evil.test/token' }, 'device.wrong_request'),
    claims('DP-10 refuses plain http', { htu: 'http://broker.example/token' }, 'device.wrong_request'),
    claims('DP-13 refuses a proof of an hour ago', { iat: seconds - 3600 }, 'device.wrong_time'),
    claims('DP-13 refuses a proof of the next hour', { iat: seconds + 3600 }, 'device.wrong_time'),
    claims('DP-13 accepts 6 s back', { iat: seconds - 6 }, 'ok'),
    claims('DP-13 accepts 6 s ahead', { iat: seconds + 6 }, 'ok'),
    claims('DP-29 refuses a proof past its own exp', { exp: seconds - 10 }, 'device.wrong_time'),
    claims('DP-12 asks for a nonce', { nonce: undefined }, 'device.nonce_required'),
    claims('DP-12 refuses the nonce of another client', { nonce: 'nonce-of-other' }, 'device.nonce_refused'),
    header('DP-04 refuses a missing typ', { typ: undefined }, 'device.wrong_kind'),
    header('DP-04 refuses typ JWT', { typ: 'JWT' }, 'device.wrong_kind'),
    header('DP-04 refuses a blank after typ', { typ: 'dpop+jwt ' }, 'device.wrong_kind'),
    header('J-37 accepts typ as a full media type', { typ: 'application/DPOP+JWT' }, 'ok'),
    header('DP-05 refuses alg none', { alg: 'none' }, 'device.malformed_proof'),
    header('DP-05 refuses HS256', { alg: 'HS256' }, 'device.malformed_proof'),
    header('DP-05 refuses RS256', { alg: 'RS256' }, 'device.malformed_proof'),
    header('DP-07 refuses a missing key', { jwk: undefined }, 'device.malformed_proof'),
    header('DP-07 refuses a list of keys', { jwk: [fakeKey().jwk] }, 'device.malformed_proof'),
    header('DP-07 refuses a private key', { jwk: { ...fakeKey().jwk, d: 'AAAA' } }, 'device.malformed_proof'),
  ])('$name', async ({ proofs, expected }) => {
    const world = createWorld();
    expect(await outcome(world, proofs(world))).toBe(expected);
    expect(await outcome(world, [world.make.proof()])).toBe('ok');
  });

  it('J-39 accepts a key with kid, alg and use beside it', async () => {
    const world = createWorld();
    const jwk = { ...world.keys.device.jwk, kid: 'k', alg: 'ES256', use: 'sig' };
    expect(await outcome(world, [world.make.proof({}, { jwk })])).toBe('ok');
  });

  it('DP-14 lets exactly one of many uses of a proof pass', async () => {
    const world = createWorld();
    const proof = world.make.proof();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(world, [proof])));
    expect(outcomes.filter((one) => one === 'ok')).toHaveLength(1);
    expect(outcomes.filter((one) => one === 'device.replayed')).toHaveLength(49);
  });

  it('DP-30 hands out a nonce with the refusal and with the token', async () => {
    const world = createWorld();
    const refused = world.exchange(
      world.make.exchange({ dpopProofs: [world.make.proof({ nonce: undefined })] }),
    );
    await expect(refused).rejects.toMatchObject({ extras: { dpopNonce: 'nonce-of-desk' } });
    expect((await world.exchange(world.make.exchange())).dpopNonce).toBe('nonce-of-desk');
  });

  it('DP-20 gives a bearer token only for a resource server that is registered so', async () => {
    const world = createWorld();
    world.registrations.orders.proof = 'none';
    expect(await world.exchange(world.make.exchange({ dpopProofs: [] }))).toMatchObject({
      tokenType: 'Bearer',
      dpopNonce: null,
    });
    expect((await world.exchange(world.make.exchange())).tokenType).toBe('DPoP');
  });
});
