import { createWorld, credentialsOf, fakeKey, PROVIDER, type World } from '#testing';
import {
  OAuthError,
  type AuditEvent,
  type ExchangeRequest,
  type IssuedToken,
  type Obligations,
} from '../index.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
  world.policy.obligations = { approvers: ['leads'], ttlSeconds: 60 };
});

type Outcome = IssuedToken | OAuthError;

const settled = (asked: Promise<IssuedToken>): Promise<Outcome> =>
  asked.catch((thrown: unknown) => (thrown instanceof OAuthError ? thrown : Promise.reject(thrown)));

const ask = (changes: Partial<ExchangeRequest> = {}): Promise<Outcome> =>
  settled(world.exchange(world.make.exchange({ canWait: true, ...changes })));

/** Its code, and under which id it waits. */
async function wait(changes: Partial<ExchangeRequest> = {}): Promise<{ code: string; id: string }> {
  const outcome = await ask(changes);
  const code = outcome instanceof OAuthError ? outcome.extras.deferred?.deferralCode : undefined;
  if (code === undefined) throw new Error(`nothing waits: ${reasonOf(outcome)}`);
  return { code, id: last().id };
}

const poll = (deferralCode: string, dpopProofs = [world.make.proof()]): Promise<Outcome> =>
  settled(
    world.redeemDeferral({
      credentials: credentialsOf(world.make.assertion()),
      deferralCode,
      dpopProofs,
      observed: { ip: '192.0.2.8' },
    }),
  );

const approve = (id: string, ...groups: string[]): boolean =>
  world.ledger.waiting.decide(id, { issuer: PROVIDER, subject: 'grace', groups });

const reasonOf = (outcome: Outcome): string =>
  outcome instanceof OAuthError ? outcome.reason : outcome.tokenType;

const last = (): AuditEvent => world.ledger.events.at(-1)!;

describe('a request that needs an approval', () => {
  it('is refused where the client cannot wait, and its assertion is good for another', async () => {
    const outcome = await ask({ canWait: false });
    expect(reasonOf(outcome)).toBe('policy.approval_required');
    expect(last()).toMatchObject({ outcome: 'refused', question: { action: 'orders.refund' } });
  });

  it('waits, with a code that only its client has, and is on record with its question', async () => {
    const outcome = await ask();
    expect(outcome).toMatchObject({
      reason: 'approval.pending',
      extras: { deferred: { expiresInSeconds: 600, intervalSeconds: 5 }, dpopNonce: 'nonce-of-desk' },
    });
    expect(last()).toMatchObject({
      type: 'token.exchange',
      outcome: 'deferred',
      reason: 'policy.approval_required',
      approval: { id: last().id, groups: ['leads'] },
      obligations: { approvers: ['leads'] },
    });
    expect(JSON.stringify(last())).not.toContain('oncedefer_');
  });

  it('waits no longer than its sign-in is fresh enough', async () => {
    world.policy.obligations = { approvers: ['leads'], maxAuthAgeSeconds: 130 };
    expect(await ask()).toMatchObject({ extras: { deferred: { expiresInSeconds: 120 } } });
  });

  it('does not wait without a key that could fetch it', async () => {
    world.registrations.orders.proof = 'none';
    expect(reasonOf(await ask({ dpopProofs: [] }))).toBe('device.proof_missing');
    expect(reasonOf(await ask())).toBe('approval.pending');
  });

  it('does not wait for a ninth time, and then the assertion is used up all the same', async () => {
    for (let asked = 0; asked < 8; asked++) await wait();
    expect(await ask()).toMatchObject({ reason: 'approval.too_many', extras: { retryAfterSeconds: 60 } });
    world.advance(600_000);
    await wait();
  });

  it('does not wait when what it stands on is cut off', async () => {
    await world.ledger.revoke(
      { source: 'test', saidAt: null, event: null, cutOffs: [BLOCKED] },
      { claims: [], describe: () => last() ?? ({} as AuditEvent) },
    );
    expect(reasonOf(await ask())).toBe('subject.revoked');
  });
});

const BLOCKED = { kind: 'subject', id: `${PROVIDER} ada`, change: { is: 'block' } } as const;

describe('asking again', () => {
  it('is too early within five seconds, and then within ten', async () => {
    const { code } = await wait();
    const heard: string[] = [];
    for (const seconds of [4, 9, 10, 9, 15]) {
      world.advance(seconds * 1000);
      heard.push(reasonOf(await poll(code)));
    }
    expect(heard.map((one) => one.replace('approval.', ''))).toEqual([
      'slow_down',
      'slow_down',
      'slow_down',
      'slow_down',
      'slow_down',
    ]);
    world.advance(30_000);
    expect(reasonOf(await poll(code))).toBe('approval.pending');
  });

  it('is given the token once all have approved, and nothing after that', async () => {
    world.policy.obligations = { approvers: ['finance', 'leads'] };
    const { code, id } = await wait();
    world.advance(10_000);
    approve(id, 'leads');
    expect(reasonOf(await poll(code))).toBe('approval.pending');
    approve(id, 'finance');
    expect(reasonOf(await poll(code))).toBe('DPoP');
    expect(last()).toMatchObject({
      type: 'token.exchange',
      outcome: 'permitted',
      ip: '192.0.2.8',
      approval: { id, groups: ['finance', 'leads'] },
      question: { context: { approvedBy: ['finance', 'leads'], network: { ip: '192.0.2.8' } } },
    });
    expect(reasonOf(await poll(code))).toBe('approval.redeemed');
  });

  it('lives from then on, past its ID token, and not past the approval', async () => {
    const { code, id } = await wait();
    approve(id, 'leads');
    world.advance(570_000);
    const issued = await poll(code);
    expect(issued).toMatchObject({ expiresInSeconds: 30, operation: { actions: ['POST'] } });
  });

  it.each<[string, (id: string, code: string) => unknown, string]>([
    ['denied', (id) => world.ledger.waiting.decide(id, 'deny'), 'approval.denied'],
    [
      'cancelled',
      (_, token) => world.revoke({ credentials: credentialsOf(world.make.assertion()), token }),
      'approval.cancelled',
    ],
    ['too old', () => world.advance(600_000), 'approval.expired'],
  ])('is told that it was %s', async (_, change, reason) => {
    const { code, id } = await wait();
    await change(id, code);
    expect(reasonOf(await poll(code))).toBe(reason);
    expect(approve(id, 'leads')).toBe(false);
  });

  it('with a code that nobody was given is told nothing', async () => {
    expect(reasonOf(await poll('oncedefer_x'))).toBe('approval.unknown');
  });

  it('with another key is refused before anything is said of the approval', async () => {
    const { code, id } = await wait();
    approve(id, 'leads');
    expect(reasonOf(await poll(code, [world.make.proof({}, {}, fakeKey())]))).toBe('approval.other_key');
    expect(reasonOf(await poll(code, []))).toBe('device.proof_missing');
    expect(reasonOf(await poll(code))).toBe('DPoP');
  });
});

describe('what was approved is decided again', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a policy that denies',
      () => (world.policy.verdict = { effect: 'deny', determining: [], failed: false }),
      'policy.denied',
    ],
    [
      'another approval',
      () => (world.policy.obligations = { approvers: ['leads', 'finance'] } satisfies Obligations),
      'policy.approval_required: finance, leads',
    ],
    [
      'a step-up',
      () => (world.policy.obligations = { approvers: ['leads'], acrValues: ['phr'] }),
      'policy.step_up_acr',
    ],
    [
      'a device that was disabled',
      () =>
        world.devices.set(world.keys.device.publicKey.thumbprint, {
          id: 'laptop',
          enabled: false,
          owner: { issuer: PROVIDER, subject: 'ada' },
          platform: 'macos',
          posture: null,
        }),
      'device.revoked: laptop',
    ],
    [
      'a client that may not use the API any more',
      () => (world.registrations.client.resourceServers = new Set()),
      'resource.unknown: https://api.example/v1',
    ],
  ])('%s ends it for good', async (_, change, detail) => {
    const before = { ...world.policy };
    const servers = world.registrations.client.resourceServers;
    const { code, id } = await wait();
    approve(id, 'leads');
    await change();
    expect(reasonOf(await poll(code))).toBe('approval.stale');
    expect(last()).toMatchObject({ outcome: 'refused', reason: 'approval.stale', detail });
    Object.assign(world.policy, before);
    world.registrations.client.resourceServers = servers;
    world.devices.clear();
    expect(reasonOf(await poll(code))).toBe('approval.stale');
    const again = await wait();
    approve(again.id, 'leads');
    expect(reasonOf(await poll(again.code))).toBe('DPoP');
  });

  it('a user who was cut off meanwhile is given nothing, approved or not', async () => {
    const [waits, approved] = [await wait(), await wait()];
    approve(approved.id, 'leads');
    const event = last();
    await world.ledger.revoke(
      { source: 'test', saidAt: null, event: null, cutOffs: [BLOCKED] },
      { claims: [], describe: () => event },
    );
    expect(reasonOf(await poll(waits.code))).toBe('approval.stale');
    expect(reasonOf(await poll(approved.code))).toBe('approval.stale');
    expect(last()).toMatchObject({ detail: 'by subject' });
  });

  it('nothing is decided while something does not answer', async () => {
    const { code, id } = await wait();
    approve(id, 'leads');
    world.ledger.isAway = true;
    expect(reasonOf(await poll(code))).toBe('broker.unavailable');
    world.ledger.isAway = false;
    expect(reasonOf(await poll(code))).toBe('DPoP');
  });
});
