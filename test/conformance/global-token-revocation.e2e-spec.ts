import { randomUUID } from 'node:crypto';
import { Caller, type Answer, type Claims } from '../support/deployment/caller.ts';
import { useBroker } from '../support/deployment/conforming-broker.ts';
import { makeSigningKey, signJwt } from '../support/deployment/signing-key.ts';
import { User } from '../support/deployment/user.ts';

const INACTIVE = '{"active":false}';

/** draft-parecki-oauth-global-token-revocation: all that a user has ends at once. */
const broker = useBroker({ brokers: 2 });

const seconds = (): number => Math.floor(Date.now() / 1000);
const nextSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_050));
const someone = (): User => new User(broker.caller);
const introspectElsewhere = (token: string): Promise<Answer> =>
  new Caller(broker.deployment, 1).introspect(token, { dpop_proof: broker.caller.apiProof(token) });

const credential = (claims: Claims = {}, key = broker.deployment.issuerServer.key): string =>
  signJwt(
    { typ: 'global-token-revocation+jwt', kid: key.kid },
    {
      iss: broker.deployment.issuerServer.url,
      aud: `${broker.deployment.issuer}/global-token-revocation`,
      jti: randomUUID(),
      iat: seconds(),
      exp: seconds() + 60,
      ...claims,
    },
    key,
  );
const revoke = (subject: unknown, token: string | null = credential()): Promise<Answer> =>
  broker.caller.send('/global-token-revocation', JSON.stringify({ sub_id: subject }), {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  });

it('check 94, Global Token Revocation: kills all that the user has, and old sign-ins until there is a newer one', async () => {
  const user = someone();
  const idToken = user.idToken();
  const tokens = [await user.token(), await user.token()];
  const answer = await revoke(user.subjectId);
  expect([answer.status, answer.text]).toEqual([204, '']);
  for (const token of tokens) expect((await introspectElsewhere(token)).text).toBe(INACTIVE);
  expect((await broker.caller.exchange({ subject_token: idToken })).status).toBe(400);
  await nextSecond();
  const renewed = user.idToken({ auth_time: seconds() - 5 });
  expect((await broker.caller.exchange({ subject_token: renewed })).status).toBe(400);
  expect((await broker.caller.exchange({ subject_token: user.idToken() })).status).toBe(200);
});

it('check 94, Global Token Revocation: takes no word of a stranger, and challenges him', async () => {
  const user = someone();
  const token = await user.token();
  const stranger = { ...makeSigningKey(), kid: broker.deployment.issuerServer.key.kid };
  const used = credential();
  expect((await revoke(someone().subjectId, used)).status).toBe(204);
  for (const bad of [
    null,
    'x',
    credential({}, stranger),
    credential({ aud: broker.deployment.issuer }),
    used,
  ]) {
    const answer = await revoke(user.subjectId, bad);
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_token']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  }
  expect((await broker.caller.introspect(token)).body).toMatchObject({ active: true });
});

it.each<[string, () => unknown, number]>([
  ['a user of another issuer', () => ({ format: 'iss_sub', iss: 'https://other.example', sub: 'ada' }), 404],
  ['a format that names nobody', () => ({ format: 'did', url: 'did:example:1' }), 422],
  ['no subject', () => undefined, 400],
  ['a text', () => 'ada', 400],
])('check 94, Global Token Revocation: refuses %s', async (_, subject, status) => {
  expect((await revoke(subject())).status).toBe(status);
});
