import { createWorld, fakeJws, ISSUER, MemoryPollLeases, NOW, PROVIDER, type World } from '#testing';
import type { JsonObject } from '../../shared/strict-json.ts';
import { PollFailed, type EventMailbox, type PollQuestion } from './event-mailbox.ts';
import { LONG_POLL_MS, MAX_EVENTS } from './poll-pace.ts';
import { pollStream, type PollOutcome, type PollStreamPorts } from './poll-stream.ts';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const POLL = {
  endpoint: 'https://idp.example/poll',
  tokenEndpoint: 'https://idp.example/token',
  clientId: 'oncekey',
  assertionAudience: 'https://idp.example/token',
  scope: null,
};

type Answer = JsonObject | Error | (() => JsonObject);

/** Answers what it was given, one for each question, and ends the stream when nothing is left. */
class ScriptedMailbox implements EventMailbox {
  readonly questions: PollQuestion[] = [];

  constructor(
    private readonly answers: Answer[],
    private readonly ending: AbortController,
  ) {}

  async ask(_poll: unknown, question: PollQuestion): Promise<JsonObject> {
    this.questions.push(question);
    const answer = this.answers.shift() ?? { sets: {} };
    if (this.answers.length === 0) this.ending.abort();
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer() : answer;
  }
}

describe('pollStream', () => {
  let world: World;
  let leases: MemoryPollLeases;
  let outcomes: PollOutcome[];
  let pauses: number[];
  let problems: string[];
  beforeEach(() => {
    world = createWorld();
    world.registrations.provider.events = {
      audience: null,
      authorizationSha256: 'a'.repeat(64),
      devices: false,
      poll: POLL,
    };
    leases = new MemoryPollLeases(world.ports.clock);
    [outcomes, pauses, problems] = [[], [], []];
  });

  const eventOf = (jti: string, claims: JsonObject = {}, key = world.keys.provider): string =>
    fakeJws(
      { alg: 'ES256', typ: 'secevent+jwt', kid: 'idp-1' },
      {
        iss: PROVIDER,
        aud: ISSUER,
        jti,
        iat: NOW / 1000,
        sub_id: { format: 'iss_sub', iss: PROVIDER, sub: 'ada' },
        events: { [SESSION_REVOKED]: {} },
        ...claims,
      },
      key,
    );
  const setsOf = (...jtis: string[]): JsonObject => ({
    sets: Object.fromEntries(jtis.map((jti) => [jti, eventOf(jti)])),
  });

  /** Polls until the answers are used up; the last thing that is asked is the farewell, if there is something to say. */
  async function poll(
    answers: Answer[],
    changes: Partial<PollStreamPorts> = {},
    ending = new AbortController(),
  ): Promise<PollQuestion[]> {
    const mailbox = new ScriptedMailbox(answers, ending);
    const ports: PollStreamPorts = {
      trust: world.ports.trust,
      leases: leases.holder(),
      mailbox,
      receiveEvent: world.receiveEvent,
      elapsedMs: () => world.ports.clock.now(),
      pause: async (ms) => {
        pauses.push(ms);
        world.advance(ms);
      },
      random: () => 0,
      onPolled: (_id, outcome) => void outcomes.push(outcome),
      onProblem: (what) => void problems.push(what),
      ...changes,
    };
    await pollStream(ports, PROVIDER, ending.signal);
    return mailbox.questions;
  }
  const outcomesOnRecord = (): unknown[] =>
    world.ledger.events.map(({ outcome, reason }) => reason ?? outcome);

  it('takes events as if they were pushed, and acknowledges them with the next poll', async () => {
    const [first, next] = await poll([setsOf('a', 'b'), { sets: {} }]);
    expect(first).toMatchObject({
      maxEvents: MAX_EVENTS,
      returnImmediately: false,
      maxWaitMs: LONG_POLL_MS,
      acknowledged: [],
    });
    expect(next?.acknowledged).toEqual(['a', 'b']);
    expect(outcomesOnRecord()).toEqual(['revoked', 'revoked']);
    expect(leases.rows.get(PROVIDER)).toMatchObject({ events: 2, failures: 0 });
    expect(outcomes).toEqual(['events', 'empty']);
  });

  it('acknowledges an event that it took before, which has no second effect', async () => {
    const [, , last] = await poll([setsOf('a'), setsOf('a'), { sets: {} }]);
    expect(last?.acknowledged).toEqual(['a']);
    expect(outcomesOnRecord()).toEqual(['revoked', 'repeated']);
  });

  it.each<[string, () => unknown, string]>([
    ['that is none', () => 'x', 'invalid_request'],
    ['that is no text', () => 7, 'invalid_request'],
    ['under another name than its own', () => eventOf('b'), 'invalid_request'],
    ['of another stream', () => eventOf('a', { iss: 'https://other.example' }), 'invalid_issuer'],
    ['that a stranger signed', () => eventOf('a', {}, world.keys.stranger), 'invalid_key'],
    ['for somebody else', () => eventOf('a', { aud: 'https://other.example' }), 'invalid_audience'],
    [
      'about a user of another issuer',
      () => eventOf('a', { sub_id: { format: 'iss_sub', iss: 'https://x.example', sub: 'ada' } }),
      'access_denied',
    ],
  ])('refuses an event %s, with the code of RFC 8935, and takes the others', async (_, token, err) => {
    const [, next] = await poll([{ sets: { a: token(), good: eventOf('good') } }, { sets: {} }]);
    expect(next?.acknowledged).toEqual(['good']);
    expect([...(next?.refused ?? [])]).toMatchObject([['a', { err }]]);
  });

  it('neither acknowledges nor refuses what it could not take, and waits before it asks again', async () => {
    const isAway = (): JsonObject => {
      world.ledger.isAway = true;
      return setsOf('a', 'b');
    };
    const isBack = (): JsonObject => {
      world.ledger.isAway = false;
      return setsOf('a', 'b');
    };
    const [, second, third] = await poll([isAway, isBack, { sets: {} }]);
    expect([second?.acknowledged, second?.refused.size]).toEqual([[], 0]);
    expect(third?.acknowledged).toEqual(['a', 'b']);
    expect(outcomes).toEqual(['failed', 'events', 'empty']);
    expect(pauses[0]).toBe(500);
  });

  it('says again what became of events until a poll is answered', async () => {
    const [, second, third, fourth] = await poll([
      setsOf('a'),
      new PollFailed('refused', 'status 500'),
      { sets: {} },
      { sets: {} },
    ]);
    expect([second, third, fourth].map((one) => one?.acknowledged)).toEqual([['a'], ['a'], []]);
  });

  it('waits longer after each failure in a row, as long as the transmitter wants, and never for ever', async () => {
    const refused = (retryAfterMs: number | null = null): Error =>
      new PollFailed('refused', 'status 503', retryAfterMs);
    const wanting = [refused(90_000), refused(1e9)];
    await poll([refused(), refused(), refused(), ...wanting, { sets: {} }, refused(), { sets: {} }]);
    expect(pauses.slice(0, 7)).toEqual([500, 1_000, 2_000, 90_000, 600_000, 2_000, 500]);
    expect(problems).toHaveLength(2);
    expect(leases.rows.get(PROVIDER)?.failure).toBe('status 503');
  });

  it('asks a transmitter that held the poll for too long to answer at once, and counts it dead when it does not', async () => {
    const silent = (): Error => new PollFailed('silent', 'too slow');
    const questions = await poll([silent(), { sets: {} }, silent(), silent(), { sets: {} }]);
    expect(questions.map(({ returnImmediately }) => returnImmediately)).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
    expect(outcomes).toEqual(['waited', 'empty', 'waited', 'failed', 'empty']);
  });

  it('asks for one event when an answer is too large, and for more again as that goes well', async () => {
    const questions = await poll([new PollFailed('too_large', ''), setsOf('a'), setsOf('b'), { sets: {} }]);
    expect(questions.map(({ maxEvents }) => maxEvents)).toEqual([MAX_EVENTS, 1, 2, 4]);
  });

  it('takes no more events than it asked for', async () => {
    const names = Array.from({ length: MAX_EVENTS + 5 }, (_, at) => `event-${at}`);
    const [, next] = await poll([setsOf(...names), { sets: {} }]);
    expect(next?.acknowledged).toEqual(names.slice(0, MAX_EVENTS));
  });

  it.each<[string, JsonObject]>([
    ['no sets', {}],
    ['a list of sets', { sets: [] }],
    ['null', { sets: null }],
  ])('takes an answer with %s for a failure', async (_, answer) => {
    await poll([answer, { sets: {} }]);
    expect(outcomes).toEqual(['failed', 'empty']);
  });

  it('does not poll while another broker does, and follows it when it is dead', async () => {
    await leases.holder().take(PROVIDER, 60_000);
    const questions = await poll([setsOf('a'), { sets: {} }]);
    expect(questions).toHaveLength(2);
    expect(pauses.filter((ms) => ms === 3_750)).toHaveLength(16);
  });

  it('says what became of the last events when it stops, and lets others poll', async () => {
    const ending = new AbortController();
    const pause = async (): Promise<void> => ending.abort();
    const [, farewell, ...more] = await poll([setsOf('a'), { sets: {} }, { sets: {} }], { pause }, ending);
    expect(farewell).toMatchObject({ maxEvents: 0, returnImmediately: true, acknowledged: ['a'] });
    expect(more).toEqual([]);
    expect(await leases.holder().take(PROVIDER, 1)).toEqual({ failures: 0 });
  });

  it('ends when the transmitter is not to be polled any more', async () => {
    world.registrations.provider.events = null;
    expect(await poll([setsOf('a')])).toEqual([]);
  });

  it('goes on when nobody can say whose turn it is', async () => {
    const holder = leases.holder();
    let isAway = true;
    const take: typeof holder.take = async (issuer, leaseMs) => {
      if (!isAway) return holder.take(issuer, leaseMs);
      isAway = false;
      throw new Error('the database is away');
    };
    await poll([setsOf('a'), { sets: {} }], { leases: { ...holder, take } });
    expect(outcomes).toEqual(['events', 'empty']);
    expect(problems).toHaveLength(1);
  });
});
