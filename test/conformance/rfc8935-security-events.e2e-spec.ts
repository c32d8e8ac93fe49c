import { Caller, type Answer, type Claims } from '../support/deployment/caller.ts';
import { useBroker } from '../support/deployment/conforming-broker.ts';
import { eventClaims, pushEvent, signEvent } from '../support/deployment/security-event.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { User } from '../support/deployment/user.ts';

const INACTIVE = '{"active":false}';

/** RFC 8935 and the Shared Signals Framework: what identity providers tell. */
const broker = useBroker({ brokers: 2 });

const nextSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_050));

const someone = (): User => new User(broker.caller);

const eventOf = (user: User, claims: Claims = {}): Claims =>
  eventClaims(broker.caller, user.subjectId, claims);
const sign = (claims: Claims): string => signEvent(broker.caller, claims);
const push = (event: string, headers: Record<string, string> = {}): Promise<Answer> =>
  pushEvent(broker.caller, event, headers);
const introspectElsewhere = (token: string): Promise<Answer> =>
  new Caller(broker.deployment, 1).introspect(token, { dpop_proof: broker.caller.apiProof(token) });

it('check 91, CAEP §3.1: an event that was answered 202 kills what was issued before, at every broker', async () => {
  const user = someone();
  const idToken = user.idToken();
  const token = await user.token();
  const spared = await someone().token();
  const answer = await push(sign(eventOf(user)));
  expect([answer.status, answer.text, answer.headers.get('cache-control')]).toEqual([202, '', 'no-store']);
  const dead = await introspectElsewhere(token);
  expect(dead.text).toBe(INACTIVE);
  expect(await broker.records.eventOf(dead)).toMatchObject({ reason: 'token.revoked' });
  expect((await introspectElsewhere(spared)).body).toMatchObject({ active: true });

  const again = await broker.caller.exchange({ subject_token: idToken });
  expect([again.status, again.body['error']]).toEqual([400, 'invalid_request']);
  expect(await broker.records.eventOf(again)).toMatchObject({ reason: 'subject.revoked' });
  await nextSecond();
  expect((await broker.caller.exchange({ subject_token: user.idToken() })).status).toBe(200);
});

it('check 95, RFC 8935 §2.2: an event is taken once, and answered as often as it is delivered', async () => {
  const user = someone();
  const event = eventOf(user);
  const answers = await Promise.all(Array.from({ length: 10 }, () => push(sign(event))));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  await nextSecond();
  const token = await user.token();
  expect((await push(sign(event))).status).toBe(202);
  expect((await broker.caller.introspect(token)).body).toMatchObject({ active: true });
  const [kept] = await broker.records.rows<{ count: number }>(
    'SELECT count(*)::int AS count FROM security_event WHERE jti = $1',
    [event['jti']],
  );
  expect(kept?.count).toBe(1);
});

it.each<{ name: string; event?: Claims; header?: Claims; stranger?: true; err: string }>([
  { name: 'another audience', event: { aud: 'https://other.example' }, err: 'invalid_audience' },
  { name: 'another issuer', event: { iss: 'https://other.example' }, err: 'invalid_issuer' },
  { name: 'a key of a stranger', stranger: true, err: 'invalid_key' },
  { name: 'check 96: a top-level sub', event: { sub: 'ada' }, err: 'invalid_request' },
  { name: 'check 96: an exp', event: { exp: 2_000_000_000 }, err: 'invalid_request' },
  { name: 'check 96: no sub_id', event: { sub_id: undefined }, err: 'invalid_request' },
  { name: 'check 96: the typ of another JWT', header: { typ: 'JWT' }, err: 'invalid_request' },
  {
    name: 'a user of another issuer',
    event: { sub_id: { format: 'iss_sub', iss: 'https://other.example', sub: 'ada' } },
    err: 'access_denied',
  },
])(
  'check 95, RFC 8935 §2.4: an event is refused with $name: $err',
  async ({ event, header, stranger, err }) => {
    const user = someone();
    const token = await user.token();
    const { key } = broker.deployment.issuerServer;
    const signer = stranger ? { ...makeSigningKey(), kid: key.kid } : key;
    const answer = await push(signEvent(broker.caller, eventOf(user, event), { header, key: signer }));
    expect([answer.status, answer.body['err'], answer.headers.get('content-language')]).toEqual([
      400,
      err,
      'en',
    ]);
    expect(Object.keys(answer.body)).toEqual(['err', 'description']);
    expect(await broker.records.eventOf(answer)).toMatchObject({
      type: 'security.event',
      outcome: 'refused',
    });
    expect((await broker.caller.introspect(token)).body).toMatchObject({ active: true });
  },
);

it.each<[string, () => string, Record<string, string>, number]>([
  ['an ID token', () => someone().idToken(), {}, 400],
  ['nothing', () => '', {}, 400],
  ['JSON', () => '{"events":{}}', {}, 400],
  ['a form', () => 'token=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['a compressed body', () => 'x', { 'content-encoding': 'gzip' }, 415],
  ['20 kB', () => 'x'.repeat(20_000), {}, 413],
  ['1 MB', () => 'x'.repeat(1_000_000), {}, 413],
])('RFC 8935 §2.1: a push is refused when it is %s', async (_, body, headers, status) => {
  const answer = await push(body(), headers);
  expect([answer.status, answer.body['err']]).toEqual([status, 'invalid_request']);
});
