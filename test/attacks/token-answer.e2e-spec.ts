import { Caller, REFUND, type Claims } from '../support/deployment/caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { freshDatabase } from '../support/fresh-database.ts';

let deployment: Deployment;
let records: Records;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  records = await Records.open(url);
  caller = new Caller(deployment);
  await caller.learnNonce();
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

describe('X-31, check 45 the answer with a token', () => {
  it('has exactly the members that a client needs, and none that is null', async () => {
    const { status, headers, body } = await caller.exchange();
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(
        /^once_[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/,
      ),
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope: 'orders.refund',
      token_type: 'DPoP',
      expires_in: 300,
      authorization_details: JSON.parse(caller.details()) as unknown,
      txn: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('pragma')).toBe('no-cache');
    expect(headers.get('oncekey-reason-id')).toBeNull();
    expect(headers.get('dpop-nonce')).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it('check 46 tells nobody what is in the token, and keeps none of it', async () => {
    const before = await records.counts();
    const { body } = await caller.exchange({
      subject_token: deployment.issuerServer.idToken({ sub: 'very-recognisable' }),
    });
    const token = String(body['access_token']);
    const decoded = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect(decoded.join()).not.toContain('recognisable');
    expect((await records.counts()).tokens).toBe(before.tokens);
  });

  it('check 47 gives no token a life past the subject token', async () => {
    const subject_token = deployment.issuerServer.idToken({ exp: inSeconds(5) });
    const { status, body } = await caller.exchange({ subject_token });
    expect(status).toBe(200);
    expect(body['expires_in']).toBeLessThanOrEqual(5);
    expect(body['expires_in']).toBeGreaterThanOrEqual(1);
    const active = await caller.introspect(String(body['access_token']));
    expect(active.body['exp']).toBeLessThanOrEqual(inSeconds(5));
  });

  it('X-26 takes no wish for a longer life', async () => {
    const { body } = await caller.exchange({ expires_in: '99999', requested_lifetime: '-1' });
    expect(body['expires_in']).toBe(300);
  });

  it('check 55 answers with the one spelling of the target', async () => {
    const target_uri = 'HTTPS://API.example:443/v1/x/../orders/%34%32/refund?x=%7e';
    const authorization_details = caller.details({ target_uri });
    const { status, body } = await caller.exchange({ authorization_details });
    expect([status, body['authorization_details']]).toMatchObject([200, [{ target_uri: `${REFUND}?x=~` }]]);
  });

  it('check 64 binds the token to the key of the proof', async () => {
    const { body } = await caller.introspect(await caller.token());
    expect(body).toMatchObject({ token_type: 'DPoP', cnf: { jkt: caller.device.thumbprint } });
  });
});

describe('X-29, check 65 step-up', () => {
  const secure = (claims: Claims): ReturnType<Caller['exchange']> =>
    caller.exchange({
      subject_token: deployment.issuerServer.idToken(claims),
      authorization_details: caller.details({ target_uri: `${API}/orders/42/secure` }),
    });

  it.each<{ name: string; claims: () => Claims; reason: string }>([
    { name: 'no acr', claims: () => ({}), reason: 'policy.step_up_acr' },
    { name: 'another acr', claims: () => ({ acr: 'pwd' }), reason: 'policy.step_up_acr' },
    { name: 'the acr in upper case', claims: () => ({ acr: 'PHR' }), reason: 'policy.step_up_acr' },
    {
      name: 'an old sign-in',
      claims: () => ({ acr: 'phr', auth_time: inSeconds(-310) }),
      reason: 'policy.step_up_age',
    },
    {
      name: 'a sign-in of unknown age',
      claims: () => ({ acr: 'phr', auth_time: undefined }),
      reason: 'policy.step_up_age',
    },
  ])('tells what is wanting: $name', async ({ claims, reason }) => {
    const before = await records.counts();
    const answer = await secure(claims());
    await expectRefusal(answer, records, {
      answer: '400 insufficient_user_authentication',
      reason,
      members: ['acr_values', 'max_age'],
    });
    expect(answer.body).toMatchObject({ acr_values: 'phr', max_age: 300 });
    expect((await records.counts()).permitted).toBe(before.permitted);
  });

  it('permits after the sign-in that was asked for, and passes acr and auth_time on unchanged', async () => {
    const auth_time = inSeconds(-290);
    const { status, body } = await secure({ acr: 'phr', auth_time });
    expect(status).toBe(200);
    const target = `${API}/orders/42/secure`;
    const token = String(body['access_token']);
    const active = await caller.introspect(token, {
      http_target_uri: target,
      dpop_proof: caller.apiProof(token, { htu: target }),
    });
    expect(active.body).toMatchObject({ active: true, acr: 'phr', auth_time });
  });
});

describe('J-46 subjects', () => {
  it('are people of their issuer: the audit log and introspection name both', async () => {
    const { body } = await caller.introspect(await caller.token());
    expect(body).toMatchObject({ sub: 'ada', sub_iss: deployment.issuerServer.url });
    const [last] = await records.rows<{ event: { subject: object } }>(
      `SELECT event FROM audit_event WHERE outcome = 'permitted' ORDER BY at DESC LIMIT 1`,
    );
    expect(last?.event.subject).toEqual({ subject: 'ada', issuer: deployment.issuerServer.url });
  });
});
