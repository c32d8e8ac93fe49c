import { createWorld, fakeKey, type World } from '#testing';
import { OAuthError, type RefusalReason } from '../index.ts';

const AGENT = { sub: 'agent-7', aud: 'agents' };
const LONG = `https://${'x'.repeat(490)}`;
const IDP = 'https://idp.example';

/** A chain of that many actors, the outermost called `a0`. */
const chain = (actors: number): object =>
  Array.from({ length: actors }).reduceRight<object>(
    (act, _, at) => ({ sub: `a${at}`, ...(Object.keys(act).length > 0 ? { act } : {}) }),
    {},
  );

interface Sent {
  readonly subject?: Record<string, unknown>;
  /** Claims of the actor token; absent: none is sent. */
  readonly actor?: Record<string, unknown>;
}

function send({ exchange, make }: World, { subject = {}, actor }: Sent): ReturnType<World['exchange']> {
  return exchange(
    make.exchange({
      subjectToken: make.idToken(subject),
      actorToken: actor === undefined ? null : make.idToken(actor),
    }),
  );
}

async function outcome(world: World, sent: Sent): Promise<RefusalReason | 'ok'> {
  return send(world, sent).then(
    () => 'ok' as const,
    (thrown: unknown) => (thrown instanceof OAuthError ? thrown.reason : Promise.reject(thrown)),
  );
}

describe('verifyActor', () => {
  it.each<Sent & { name: string; expected: RefusalReason | 'ok' }>([
    { name: 'takes a request in which nobody acts', expected: 'ok' },
    { name: 'takes whom the client is registered to act as', actor: AGENT, expected: 'ok' },
    {
      name: 'X-15 refuses somebody else of the same provider',
      actor: { ...AGENT, sub: 'agent-8' },
      expected: 'actor.not_allowed',
    },
    {
      name: 'check 49: takes whom may_act names, registered or not',
      subject: { may_act: { sub: 'eve' } },
      actor: { sub: 'eve' },
      expected: 'ok',
    },
    {
      name: 'check 49: refuses another than may_act names, though it is registered',
      subject: { may_act: { sub: 'eve' } },
      actor: AGENT,
      expected: 'actor.not_allowed',
    },
    {
      name: 'X-15 refuses whom may_act names of another issuer',
      subject: { may_act: { sub: 'agent-7', iss: 'https://other.example' } },
      actor: AGENT,
      expected: 'actor.not_allowed',
    },
    {
      name: 'refuses a may_act that cannot be compared',
      subject: { may_act: { sub: 'agent-7', email: 'a@b.c' } },
      actor: AGENT,
      expected: 'subject.bad_claims',
    },
    {
      name: 'X-12 refuses a subject token with may_act without its actor',
      subject: { may_act: { sub: 'agent-7' } },
      expected: 'actor.missing',
    },
    {
      name: 'X-13 refuses a subject token with act without its actor',
      subject: { act: { sub: 'agent-7' } },
      expected: 'actor.missing',
    },
    ...['agent', ['agent'], null, 5, {}, { sub: '' }, { sub: 'a', act: 'b' }, { sub: 'a', act: null }].map(
      (act) => ({
        name: `X-14 refuses ${JSON.stringify(act)} as act`,
        subject: { act },
        actor: AGENT,
        expected: 'subject.bad_claims' as const,
      }),
    ),
    { name: 'X-16 takes three before the actor', subject: { act: chain(3) }, actor: AGENT, expected: 'ok' },
    {
      name: 'X-16 refuses four before the actor',
      subject: { act: chain(4) },
      actor: AGENT,
      expected: 'actor.bad_chain',
    },
    {
      name: 'X-16 refuses five in the subject token',
      subject: { act: chain(5) },
      actor: AGENT,
      expected: 'subject.bad_claims',
    },
    {
      name: 'X-14 refuses a chain that names somebody twice',
      subject: { act: { sub: 'a', act: { sub: 'b', act: { sub: 'a' } } } },
      actor: AGENT,
      expected: 'subject.bad_claims',
    },
    {
      name: 'X-14 refuses an actor who acted before somebody else',
      subject: { act: { sub: 'a', act: { sub: 'agent-7' } } },
      actor: AGENT,
      expected: 'actor.bad_chain',
    },
    {
      name: 'X-16 refuses a chain of more than a token can carry',
      subject: { act: { sub: 'a', iss: LONG, act: { sub: 'b', iss: LONG } } },
      actor: AGENT,
      expected: 'subject.bad_claims',
    },
    {
      name: 'refuses an actor of somebody',
      actor: { ...AGENT, act: { sub: 'x' } },
      expected: 'actor.bad_claims',
    },
    {
      name: 'refuses an actor token with may_act',
      actor: { ...AGENT, may_act: { sub: 'x' } },
      expected: 'actor.bad_claims',
    },
    { name: 'refuses one made for others', actor: { ...AGENT, aud: 'hr' }, expected: 'actor.wrong_audience' },
    { name: 'refuses an expired one', actor: { ...AGENT, exp: 1 }, expected: 'actor.wrong_time' },
    {
      name: 'refuses an unknown issuer',
      actor: { ...AGENT, iss: 'https://x.example' },
      expected: 'actor.unknown_issuer',
    },
    { name: 'refuses events', actor: { ...AGENT, events: {} }, expected: 'actor.wrong_kind' },
    {
      name: 'refuses one that is bound to another key',
      actor: { ...AGENT, cnf: { jkt: fakeKey().publicKey.thumbprint } },
      expected: 'actor.key_bound',
    },
  ])('$name', async ({ expected, ...sent }) => {
    const world = createWorld();
    expect(await outcome(world, sent)).toBe(expected);
    expect(await outcome(world, { actor: AGENT })).toBe('ok');
  });

  it('refuses what is no token, or signed by nobody', async () => {
    const world = createWorld();
    const { exchange, make, keys } = world;
    const forged = make.idToken(AGENT, {}, keys.stranger);
    for (const [actorToken, reason] of [
      ['x', 'actor.malformed'],
      [forged, 'actor.bad_signature'],
    ]) {
      await expect(exchange(make.exchange({ actorToken: actorToken! }))).rejects.toMatchObject({ reason });
    }
    expect(await outcome(world, { actor: AGENT })).toBe('ok');
  });

  it('check 48: the token and the answer name the actors, and policies see the current one alone', async () => {
    const world = createWorld();
    const { accessToken } = await send(world, { subject: { act: { sub: 'desk', exp: 5 } }, actor: AGENT });
    const act = { iss: IDP, sub: 'agent-7', act: { iss: IDP, sub: 'desk' } };
    expect(world.sealed.get(accessToken)).toMatchObject({ sub: 'ada', act });
    expect(world.policy.asked[0]?.context.actor).toEqual({ issuer: IDP, subject: 'agent-7', depth: 2 });
    const answer = await world.introspect(world.make.introspection(accessToken));
    expect(answer).toMatchObject({ active: true, body: { sub: 'ada', act } });
    expect(world.ledger.events).toEqual([
      expect.objectContaining({ outcome: 'permitted', actor: act }),
      expect.objectContaining({ outcome: 'spent', actor: act }),
    ]);
  });

  it('names an actor who goes on acting once, and outlives no actor token', async () => {
    const world = createWorld();
    world.policy.obligations = { ttlSeconds: 60 };
    const actor = { ...AGENT, exp: Math.floor(world.ports.clock.now() / 1000) + 7 };
    const issued = await send(world, { subject: { act: { sub: 'agent-7' } }, actor });
    expect(world.sealed.get(issued.accessToken)?.act).toEqual({ iss: IDP, sub: 'agent-7' });
    expect(issued.expiresInSeconds).toBe(7);
  });
});
