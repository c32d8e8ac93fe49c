import { expectError, useBroker } from '../support/deployment/conforming-broker.ts';
import type { Answer, Claims } from '../support/deployment/caller.ts';
import { API } from '../support/deployment/deployment.ts';

/** RFC 9470: policies that demand another, or a more recent, authentication. */
const broker = useBroker();
const TARGET = `${API}/orders/42/secure`;
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

const secure = (claims: Claims): Promise<Answer> =>
  broker.caller.exchange({
    subject_token: broker.deployment.issuerServer.idToken(claims),
    authorization_details: broker.caller.details({ target_uri: TARGET }),
  });

it.each<{ name: string; claims: () => Claims }>([
  { name: 'no acr', claims: () => ({}) },
  { name: 'another acr', claims: () => ({ acr: 'pwd' }) },
  { name: 'an authentication that is too old', claims: () => ({ acr: 'phr', auth_time: inSeconds(-310) }) },
])('check 65, RFC 9470 §3: $name is answered with what would do', async ({ claims }) => {
  const answer = await secure(claims());
  expectError(answer, '400 insufficient_user_authentication');
  expect(answer.body).toMatchObject({ acr_values: 'phr', max_age: 300 });
});

it('check 65, RFC 9470 §6: after the sign-in that was asked for, acr and auth_time are told unchanged', async () => {
  const auth_time = inSeconds(-290);
  const { body } = await secure({ acr: 'phr', auth_time });
  const token = String(body['access_token']);
  const active = await broker.caller.introspect(token, {
    http_target_uri: TARGET,
    dpop_proof: broker.caller.apiProof(token, { htu: TARGET }),
  });
  expect(active.body).toMatchObject({ active: true, acr: 'phr', auth_time });
});
