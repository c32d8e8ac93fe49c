import { aQuestion, fakeRelease, type FakePolicy } from '#testing';
import { judge } from './judge.ts';
import type { Obligations } from './obligations.ts';
import type { PolicyRequest } from './policy-request.ts';

const question = aQuestion();
const { operation } = question.context;

describe('judge', () => {
  it.each<{ name: string; policies: FakePolicy[]; expected: object }>([
    {
      name: 'denies what nothing permits',
      policies: [],
      expected: { decision: 'deny', reason: 'policy.denied', policies: [] },
    },
    {
      name: 'denies what is forbidden, and names the forbids',
      policies: [{ id: 'a' }, { id: 'no', effect: 'forbid' }],
      expected: { decision: 'deny', reason: 'policy.forbidden', policies: ['no'] },
    },
    {
      name: 'denies when a policy fails',
      policies: [
        { id: 'a' },
        {
          id: 'b',
          when: () => {
            throw new Error('overflow');
          },
        },
      ],
      expected: { decision: 'deny', reason: 'policy.failed', policies: [] },
    },
    {
      name: 'permits, for 15 s unless a policy says otherwise',
      policies: [{ id: 'b' }, { id: 'a' }],
      expected: {
        decision: 'permit',
        reason: null,
        policies: ['a', 'b'],
        obligations: {},
        ttlSeconds: 15,
        detail: null,
      },
    },
    {
      name: 'permits under the strictest of what the permits demand',
      policies: [
        { id: 'a', obligations: { ttlSeconds: 60 } },
        { id: 'b', obligations: { ttlSeconds: 5, digestRequired: true } },
      ],
      expected: {
        decision: 'permit',
        policies: ['a', 'b'],
        obligations: { ttlSeconds: 5, digestRequired: true },
        ttlSeconds: 5,
      },
    },
    {
      name: 'denies what has still to be approved, and names everybody whose approval is wanted',
      policies: [
        { id: 'a', obligations: { approvers: ['leads'] } },
        { id: 'b', obligations: { approvers: ['finance'] } },
      ],
      expected: {
        decision: 'deny',
        reason: 'policy.approval_required',
        policies: ['a', 'b'],
        obligations: { approvers: ['finance', 'leads'] },
        detail: 'finance, leads',
      },
    },
  ])('$name', ({ policies, expected }) => {
    expect(judge(fakeRelease(policies), question)).toMatchObject(expected);
  });

  it.each<{ name: string; policy: Partial<FakePolicy>; reason: string | null }>([
    { name: 'permits what looks at nothing that is not known', policy: {}, reason: null },
    {
      name: 'asks for the exact operation where a policy looks at its parameters, whatever it would say',
      policy: { refers: ['operation.params'], effect: 'forbid', when: () => false },
      reason: 'operation.exact_required',
    },
    {
      name: 'asks for it where a permit demands it',
      policy: { obligations: { exactTarget: true } },
      reason: 'operation.exact_required',
    },
  ])('of an operation named by scope: $name', ({ policy, reason }) => {
    const release = fakeRelease([{ id: 'a' }, { id: 'b', ...policy }]);
    const template = { operation: { ...operation, isTemplate: true as const } };
    expect(judge(release, aQuestion({ context: template }))).toMatchObject({ reason });
    expect(judge(release, question)).toMatchObject({ reason: null });
  });

  it.each<{ name: string; policies: FakePolicy[]; reason: string | null }>([
    {
      name: 'says that it is the actor, where the subject alone would be permitted',
      policies: [{ id: 'a' }, { id: 'no', effect: 'forbid', when: ({ context }) => Boolean(context.actor) }],
      reason: 'policy.actor_denied',
    },
    { name: 'says nothing of the actor where the subject may not', policies: [], reason: 'policy.denied' },
    {
      name: 'permits what only an actor may',
      policies: [{ id: 'a', when: ({ context }) => context.actor?.subject === 'agent-7' }],
      reason: null,
    },
  ])('check 50: $name', ({ policies, reason }) => {
    const actor = { issuer: 'https://idp.example', subject: 'agent-7', depth: 1 };
    expect(judge(fakeRelease(policies), aQuestion({ context: { actor } }))).toMatchObject({ reason });
  });

  it('denies as failed even when the policies would permit', () => {
    const release = {
      ...fakeRelease([]),
      evaluate: () => ({ effect: 'permit' as const, determining: ['a'], failed: true }),
    };
    expect(judge(release, question)).toMatchObject({
      decision: 'deny',
      reason: 'policy.failed',
      policies: ['a'],
    });
  });

  it.each<{
    name: string;
    obligations: Obligations;
    context?: Partial<PolicyRequest['context']>;
    reason: string | null;
  }>([
    { name: 'a digest that is there', obligations: { digestRequired: true }, reason: null },
    {
      name: 'a digest that is missing',
      obligations: { digestRequired: true },
      context: { operation: { ...operation, hasDigest: false } },
      reason: 'operation.digest_required',
    },
    { name: 'a key that is there', obligations: { proofRequired: true }, reason: null },
    {
      name: 'a key that is missing',
      obligations: { proofRequired: true },
      context: { device: { keyThumbprint: null } },
      reason: 'device.proof_missing',
    },
    { name: 'an acr of the list', obligations: { acrValues: ['pwd', 'phr'] }, reason: null },
    { name: 'another acr', obligations: { acrValues: ['phrh'] }, reason: 'policy.step_up_acr' },
    {
      name: 'no acr',
      obligations: { acrValues: ['phr'] },
      context: { auth: { acr: null, amr: [], authTime: null } },
      reason: 'policy.step_up_acr',
    },
    { name: 'acrs that contradict', obligations: { acrValues: [] }, reason: 'policy.unsatisfiable' },
    { name: 'a sign-in exactly at the limit', obligations: { maxAuthAgeSeconds: 10 }, reason: null },
    {
      name: 'a sign-in a second too old',
      obligations: { maxAuthAgeSeconds: 9 },
      reason: 'policy.step_up_age',
    },
    {
      name: 'a sign-in of unknown age',
      obligations: { maxAuthAgeSeconds: 9 },
      context: { auth: { acr: 'phr', amr: [], authTime: null } },
      reason: 'policy.step_up_age',
    },
  ])('holds the question to obligations: $name', ({ obligations, context = {}, reason }) => {
    const judgement = judge(fakeRelease([{ id: 'p', obligations }]), aQuestion({ context }));
    expect(judgement).toMatchObject({
      decision: reason === null ? 'permit' : 'deny',
      reason,
      policies: ['p'],
      obligations,
    });
  });

  it.each<{ name: string; policies: FakePolicy[]; expected: object }>([
    {
      name: 'nothing by a permit that does not speak of transactions',
      policies: [{ id: 'plain', refers: ['actor'] }],
      expected: { decision: 'deny', reason: 'policy.denied', policies: [] },
    },
    {
      name: 'what a permit gives that speaks of them, and only that one counts',
      policies: [
        { id: 'plain', obligations: { acrValues: ['phrh'] } },
        { id: 'chain', refers: ['transaction'] },
      ],
      expected: { decision: 'permit', policies: ['chain'], obligations: {} },
    },
    {
      name: 'nothing where a plain forbid matches',
      policies: [
        { id: 'no', effect: 'forbid' },
        { id: 'chain', refers: ['transaction'] },
      ],
      expected: { decision: 'deny', reason: 'policy.forbidden', policies: ['no'] },
    },
    {
      name: 'no hint that the actor alone stands in the way',
      policies: [{ id: 'plain', when: ({ context }) => !context.actor }],
      expected: { decision: 'deny', reason: 'policy.denied' },
    },
  ])('gives a service that trades a transaction token $name', ({ policies, expected }) => {
    const transaction = { operation: 'orders.refund', workloads: ['orders-api'], depth: 1 };
    const actor = { issuer: 'https://broker.example', subject: 'fulfilment', depth: 1 };
    const asked = aQuestion({ context: { transaction, actor } });
    expect(judge(fakeRelease(policies), asked)).toMatchObject(expected);
  });

  it('names all that a further sign-in has to bring', () => {
    const obligations = { acrValues: ['phrh'], maxAuthAgeSeconds: 5 };
    expect(judge(fakeRelease([{ id: 'p', obligations }]), question)).toMatchObject({
      reason: 'policy.step_up_acr',
      stepUp: { acrValues: ['phrh'], maxAgeSeconds: 5 },
      detail: 'phr',
    });
  });
});

describe('judge, of what was approved', () => {
  const release = fakeRelease([
    { id: 'a', obligations: { approvers: ['leads'] } },
    { id: 'b', obligations: { approvers: ['finance'] } },
  ]);
  const approvedBy = (...groups: string[]): PolicyRequest => ({
    ...question,
    context: { ...question.context, approvedBy: groups },
  });

  it.each<[string, string[], string | null]>([
    ['permits it once all have approved', ['finance', 'leads'], null],
    ['permits it whoever else has approved', ['finance', 'leads', 'others'], null],
    ['denies it while one is wanting', ['leads'], 'policy.approval_required'],
    ['denies it where others have approved', ['others'], 'policy.approval_required'],
  ])('%s', (_, groups, reason) => {
    expect(judge(release, approvedBy(...groups)).reason).toBe(reason);
  });

  it('asks nobody to approve what would be refused in any case', () => {
    const strict = fakeRelease([{ id: 'a', obligations: { approvers: ['leads'], acrValues: ['phrh'] } }]);
    expect(judge(strict, question).reason).toBe('policy.step_up_acr');
    expect(judge(strict, approvedBy('leads')).reason).toBe('policy.step_up_acr');
  });
});
