import fc from 'fast-check';
import { aQuestion, FAKE_APIS, fakeRelease, type FakePolicy } from '#testing';
import { judge } from './judge.ts';
import type { PolicyRequest } from './policy-request.ts';
import { replay, startReplay, type RecordedDecision } from './replay.ts';
import type { LiveRelease } from './release.ts';

const AT = 1_800_000_000_000;

function record(release: LiveRelease, question: PolicyRequest, reasonId = 'r'): RecordedDecision {
  const { decision, reason, policies, obligations } = judge(release, question);
  return { reasonId, at: AT, question, decision, reason, policies, obligations };
}

const byAda = aQuestion();
const byEve = aQuestion({
  principal: { issuer: 'https://idp.example', subject: 'eve', groups: [], email: null },
});
const support: FakePolicy = {
  id: 'support',
  operations: ['orders.refund'],
  when: ({ principal }) => principal.groups.includes('support'),
};
const live = fakeRelease([support]);

describe('replay', () => {
  it('changes nothing on the release that decided', () => {
    const policies: FakePolicy[] = [
      support,
      { id: 'by-day', when: ({ context }) => context.time % 2 === 0, obligations: { acrValues: ['phr'] } },
      { id: 'short', operations: ['orders.list'], obligations: { ttlSeconds: 1, maxAuthAgeSeconds: 60 } },
      { id: 'no', effect: 'forbid', when: ({ principal }) => principal.subject === 'eve' },
    ];
    const release = fakeRelease(policies);
    const operations = FAKE_APIS.flatMap((api) => api.operations.map(({ id }) => [api.id, id] as const));
    const questions = fc
      .record({
        operation: fc.constantFrom(...operations, ['orders', 'orders.gone'] as const),
        subject: fc.constantFrom('ada', 'bob', 'eve'),
        groups: fc.subarray(['support', 'leads']),
        acr: fc.constantFrom(null, 'pwd', 'phr'),
        time: fc.integer({ min: 1_800_000_000, max: 1_800_000_100 }),
      })
      .map(({ operation: [resource, action], subject, groups, acr, time }) =>
        aQuestion({
          action,
          resource,
          principal: { issuer: 'https://idp.example', subject, groups, email: null },
          context: { time, auth: { acr, amr: [], authTime: 1_800_000_000 } },
        }),
      );
    fc.assert(
      fc.property(fc.array(questions), (asked) => {
        const recorded = asked.map((question) => record(release, question));
        expect(replay(release, recorded)).toEqual({
          newlyAllowed: [],
          newlyDenied: [],
          unchanged: asked.length,
          changedObligations: 0,
          considered: asked.length,
          skipped: 0,
        });
      }),
    );
  });

  it('tells what is newly allowed: by which policies, and why it was refused before', () => {
    const wider = fakeRelease([support, { id: 'everybody' }]);
    const recorded = [record(live, byAda), record(live, byEve, 'e1'), record(live, byEve, 'e2')];
    expect(replay(wider, recorded)).toMatchObject({
      newlyAllowed: [
        {
          policies: ['everybody'],
          operation: 'orders.refund',
          subject: { issuer: 'https://idp.example', subject: 'eve' },
          count: 2,
          examples: ['e1', 'e2'],
          reason: 'policy.denied',
        },
      ],
      newlyDenied: [],
      unchanged: 1,
      considered: 3,
    });
  });

  it.each<{ name: string; candidate: LiveRelease; reason: string }>([
    { name: 'a policy is gone', candidate: fakeRelease([]), reason: 'policy.denied' },
    {
      name: 'a forbid has come',
      candidate: fakeRelease([support, { id: 'no', effect: 'forbid' }]),
      reason: 'policy.forbidden',
    },
    {
      name: 'a permit demands more',
      candidate: fakeRelease([{ ...support, obligations: { acrValues: ['phrh'] } }]),
      reason: 'policy.step_up_acr',
    },
    {
      name: 'the operation is gone',
      candidate: fakeRelease(
        [{ id: 'all' }],
        [{ id: 'orders', operations: [{ id: 'orders.list', method: 'GET', path: '/orders', tags: [] }] }],
      ),
      reason: 'operation.not_in_catalog',
    },
    {
      name: 'the API is gone',
      candidate: fakeRelease([{ id: 'all' }], []),
      reason: 'operation.not_in_catalog',
    },
  ])('tells what is newly denied when $name', ({ candidate, reason }) => {
    expect(replay(candidate, [record(live, byAda)])).toMatchObject({
      newlyAllowed: [],
      newlyDenied: [{ policies: ['support'], count: 1, examples: ['r'], reason }],
      unchanged: 0,
      skipped: 0,
    });
  });

  it('counts permits that would demand something else, where it is on record what they demanded', () => {
    const stricter = fakeRelease([{ ...support, obligations: { digestRequired: true } }]);
    const { obligations: _, ...unknown } = record(live, byAda);
    expect(replay(stricter, [record(live, byAda), unknown])).toMatchObject({
      unchanged: 2,
      changedObligations: 1,
    });
  });

  it.each(['device.replayed', 'client.replayed', 'resource.unknown', 'broker.unavailable', null])(
    'skips what was not refused by policies: %s',
    (reason) => {
      const refused: RecordedDecision = { ...record(live, byAda), decision: 'deny', reason };
      expect(replay(fakeRelease([]), [refused])).toMatchObject({ considered: 0, skipped: 1, unchanged: 0 });
    },
  );

  it('has the largest groups first and three examples of each, in whatever pages it was fed', () => {
    const questions = [byAda, byEve, byEve, byEve, byEve, aQuestion({ action: 'orders.list' })];
    const recorded = questions.map((question, at) => record(fakeRelease([]), question, `r${at}`));
    const started = startReplay(fakeRelease([{ id: 'everybody' }]));
    for (const decision of recorded) started.add(decision);
    const { newlyAllowed } = started.report();
    expect(newlyAllowed.map(({ count }) => count)).toEqual([4, 1, 1]);
    expect(newlyAllowed[0]?.examples).toEqual(['r1', 'r2', 'r3']);
    expect(newlyAllowed.slice(1).map(({ operation }) => operation)).toEqual(['orders.list', 'orders.refund']);
    const reversed = replay(fakeRelease([{ id: 'everybody' }]), recorded.toReversed()).newlyAllowed;
    expect(reversed.map(({ operation, count }) => [operation, count])).toEqual(
      newlyAllowed.map(({ operation, count }) => [operation, count]),
    );
  });
});
