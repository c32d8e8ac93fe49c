import { Caller, ID_TOKEN, type Claims, type Parameters } from '../support/deployment/caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { expectServed } from '../support/deployment/expect-served.ts';
import { Records } from '../support/deployment/records.ts';
import { expectRefusal } from '../support/deployment/refusal.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';

const POLICIES = {
  'no-agent-8': `forbid (principal, action, resource)
when { context.actor has sub && context.actor.sub == "agent-8" };`,
  'agent-7-alone': `permit (principal, action == Action::"orders.secure", resource == Api::"orders")
when { context.actor has sub && context.actor.sub == "agent-7" && context.actor.depth == 1 };`,
};

const SECURE = `${API}/orders/42/secure`;
const JWT = 'urn:ietf:params:oauth:token-type:jwt';

let deployment: Deployment;
let records: Records;
let caller: Caller;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url, policies: POLICIES });
  records = await Records.open(url);
  caller = new Caller(deployment);
  await caller.learnNonce();
}, 60_000);
afterEach(() => expectServed(caller));
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

const actorToken = (claims: Claims = {}): string =>
  deployment.issuerServer.idToken({ sub: 'agent-7', aud: 'agents', groups: [], ...claims });

function acting(claims: Claims = {}, subject: Claims = {}): Parameters {
  return {
    subject_token: deployment.issuerServer.idToken(subject),
    actor_token: actorToken(claims),
    actor_token_type: ID_TOKEN,
  };
}

const secure = (): Parameters => ({
  authorization_details: caller.details({ target_uri: SECURE, content_digest: undefined }),
});

describe('acting for somebody', () => {
  it.each([ID_TOKEN, JWT])(
    'check 48: act names the actor, and inside who acted before (%s)',
    async (type) => {
      const { url: iss } = deployment.issuerServer;
      const subject = { act: { sub: 'desk', iss, exp: 1, role: 'x' } };
      const token = await caller.token({ ...acting({}, subject), actor_token_type: type });
      const { body } = await caller.introspect(token);
      const act = { iss, sub: 'agent-7', act: { iss, sub: 'desk' } };
      expect(body).toMatchObject({ active: true, sub: 'ada', act });
      const events = await records.rows<{ event: { actor: unknown } }>(
        'SELECT event FROM audit_event WHERE txn = $1',
        [body['txn']],
      );
      expect(events.map(({ event }) => event.actor)).toEqual([act, act]);
    },
  );

  it('leaves act out where the subject acts', async () => {
    const { body } = await caller.introspect(await caller.token());
    expect([body['active'], 'act' in body]).toEqual([true, false]);
  });

  it.each<{ name: string; change: () => Parameters; reason: string }>([
    {
      name: 'X-15: one whom the client may not act as',
      change: () => acting({ sub: 'bob' }),
      reason: 'actor.not_allowed',
    },
    {
      name: 'check 49: another than may_act names',
      change: () => acting({}, { may_act: { sub: 'agent-8' } }),
      reason: 'actor.not_allowed',
    },
    {
      name: 'X-15: the same sub of another issuer than may_act names',
      change: () => acting({}, { may_act: { sub: 'agent-7', iss: 'https://idp.example' } }),
      reason: 'actor.not_allowed',
    },
    {
      name: 'X-12: a subject token with may_act and no actor',
      change: () => ({ subject_token: deployment.issuerServer.idToken({ may_act: { sub: 'agent-7' } }) }),
      reason: 'actor.missing',
    },
    {
      name: 'X-13: a subject token with act and no actor',
      change: () => ({ subject_token: deployment.issuerServer.idToken({ act: { sub: 'agent-7' } }) }),
      reason: 'actor.missing',
    },
    {
      name: 'one made for somebody else',
      change: () => acting({ aud: 'hr' }),
      reason: 'actor.wrong_audience',
    },
    { name: 'an expired one', change: () => acting({ exp: 1 }), reason: 'actor.wrong_time' },
    {
      name: 'one bound to another key',
      change: () => acting({ cnf: { jkt: makeSigningKey().thumbprint } }),
      reason: 'actor.key_bound',
    },
    {
      name: 'check 50: one whom a policy forbids',
      change: () => acting({ sub: 'agent-8' }),
      reason: 'policy.actor_denied',
    },
    ...['agent', ['agent'], 5, null].map((act) => ({
      name: `X-14: act as ${JSON.stringify(act)}`,
      change: () => acting({}, { act }),
      reason: 'subject.bad_claims',
    })),
  ])('refuses $name', async ({ change, reason }) => {
    await expectRefusal(await caller.exchange(change()), records, { answer: '400 invalid_request', reason });
    expect((await caller.exchange(acting())).status).toBe(200);
  });

  it.each([
    { type: undefined, token: (): string => actorToken(), name: 'check 33: a token without its type' },
    { type: ID_TOKEN, token: (): undefined => undefined, name: 'check 33: a type without its token' },
  ])('refuses $name', async ({ type, token }) => {
    const answer = await caller.exchange({ actor_token: token(), actor_token_type: type });
    await expectRefusal(answer, records, { answer: '400 invalid_request', reason: 'request.malformed' });
  });

  it('lets policies permit what only an agent may, by who acts now and not by who acted before', async () => {
    const alone = await caller.exchange({ ...secure(), ...acting({}, { groups: [] }) });
    expect(alone.status).toBe(200);
    const before = { groups: [], act: { sub: 'desk' } };
    for (const change of [{ ...acting({}, before) }, { ...acting({ sub: 'desk' }, before) }, {}]) {
      const answer = await caller.exchange({ ...secure(), ...change });
      expect(answer.status).toBe(400);
    }
  });
});
