import { aQuestion, fakeRelease, type FakePolicy } from '#testing';
import type { ShadowReport } from '../administration/stored.ts';
import { judge } from '../policy/judge.ts';
import type { RunningShadow } from '../registry/trust.ts';
import { ShadowComparison } from './shadow-comparison.ts';

const REFUNDS: FakePolicy = { id: 'refunds', operations: ['orders.refund'] };
const LISTS: FakePolicy = { id: 'lists', operations: ['orders.list'] };
const shadowOf = (policies: readonly FakePolicy[], id = 'one'): RunningShadow => ({
  id,
  release: fakeRelease(policies),
});

function start(limits?: { perSecond: number; waiting: number }) {
  let now = 0;
  let fails = false;
  const later: (() => void)[] = [];
  const added: [string, ShadowReport][] = [];
  const problems: string[] = [];
  const comparison = new ShadowComparison(
    {
      journal: {
        add: async (id, counted) => {
          if (fails) throw new Error('away');
          added.push([id, counted]);
        },
      },
      elapsedMs: () => now,
      later: (run) => void later.push(run),
      onProblem: (what) => void problems.push(what),
    },
    limits,
  );
  const live = fakeRelease([REFUNDS]);
  return {
    comparison,
    added,
    problems,
    later,
    watch: (shadow: RunningShadow | null, action = 'orders.refund', reasonId = 'r-1') => {
      const question = aQuestion({ action });
      comparison.watch(shadow, { question, judgement: judge(live, question), reasonId });
    },
    /** Lets everything run that waits, and what it leads to. */
    run: () => {
      for (let next = later.shift(); next !== undefined; next = later.shift()) next();
    },
    pass: (ms: number) => void (now += ms),
    breakJournal: (is: boolean) => void (fails = is),
  };
}

describe('ShadowComparison', () => {
  it('counts where the shadow decides otherwise, per policy and operation, with one example', async () => {
    const { comparison, watch, run, added } = start();
    const shadow = shadowOf([LISTS]);
    watch(shadow, 'orders.refund', 'first');
    watch(shadow, 'orders.refund', 'second');
    watch(shadow, 'orders.list', 'third');
    watch(shadow, 'billing.pay', 'fourth');
    run();
    await comparison.flush();
    expect(added).toEqual([
      [
        'one',
        {
          compared: 4,
          skipped: 0,
          differences: [
            {
              kind: 'newly_denied',
              policy: 'refunds',
              operation: 'orders.refund',
              count: 2,
              exampleReasonId: 'first',
            },
            {
              kind: 'newly_allowed',
              policy: 'lists',
              operation: 'orders.list',
              count: 1,
              exampleReasonId: 'third',
            },
          ],
        },
      ],
    ]);
  });

  it('takes a demand that is not met for a denial', async () => {
    const { comparison, watch, run, added } = start();
    watch(shadowOf([{ ...REFUNDS, obligations: { acrValues: ['phrh'] } }]));
    run();
    await comparison.flush();
    expect(added[0]?.[1].differences).toMatchObject([{ kind: 'newly_denied', policy: 'refunds', count: 1 }]);
  });

  it('asks nothing before the answer has left, and one question at a time', () => {
    const asked: string[] = [];
    const shadow = shadowOf([{ ...REFUNDS, when: () => asked.push('it') > 0 }]);
    const { watch, later } = start();
    for (const _ of [1, 2, 3]) watch(shadow);
    expect(asked).toHaveLength(0);
    expect(later).toHaveLength(1);
    later.shift()?.();
    expect(asked).toHaveLength(1);
    expect(later).toHaveLength(1);
  });

  it('keeps to so many a second, and counts what it leaves out', async () => {
    const { comparison, watch, run, pass, added } = start({ perSecond: 10, waiting: 100 });
    const shadow = shadowOf([REFUNDS]);
    const load = (count: number) => {
      for (let at = 0; at < count; at++) watch(shadow);
      run();
    };
    load(50);
    pass(500);
    load(50);
    pass(10_000);
    load(50);
    await comparison.flush();
    expect(added).toEqual([['one', { compared: 10 + 5 + 10, skipped: 40 + 45 + 40, differences: [] }]]);
  });

  it('lets only so many wait', async () => {
    const { comparison, watch, run, added } = start({ perSecond: 1000, waiting: 3 });
    for (let at = 0; at < 10; at++) watch(shadowOf([REFUNDS]));
    run();
    await comparison.flush();
    expect(added).toMatchObject([['one', { compared: 3, skipped: 7 }]]);
  });

  it('does nothing where no shadow runs, and hands over nothing twice', async () => {
    const { comparison, watch, run, added, later } = start();
    watch(null);
    expect(later).toHaveLength(0);
    watch(shadowOf([REFUNDS]));
    run();
    await comparison.flush();
    await comparison.flush();
    expect(added).toHaveLength(1);
  });

  it('counts each shadow by itself', async () => {
    const { comparison, watch, run, added } = start();
    watch(shadowOf([REFUNDS], 'old'));
    watch(shadowOf([REFUNDS], 'new'));
    run();
    await comparison.flush();
    expect(added.map(([id, { compared }]) => [id, compared])).toEqual([
      ['old', 1],
      ['new', 1],
    ]);
  });

  it('counts as skipped what the journal did not take, says so once, and goes on', async () => {
    const { comparison, watch, run, added, problems, breakJournal } = start();
    breakJournal(true);
    watch(shadowOf([]));
    run();
    await comparison.flush();
    await comparison.flush();
    expect(problems).toEqual(['the counts of the shadow were not taken']);
    breakJournal(false);
    await comparison.flush();
    expect(added).toEqual([['one', { compared: 0, skipped: 1, differences: [] }]]);
    breakJournal(true);
    watch(shadowOf([]));
    await comparison.flush();
    expect(problems).toHaveLength(1);
    run();
    await comparison.flush();
    expect(problems).toHaveLength(2);
  });

  it('goes on when a shadow cannot be asked', async () => {
    const { comparison, watch, run, added, problems } = start();
    const broken = fakeRelease([]);
    watch({
      id: 'one',
      release: {
        ...broken,
        evaluate: () => {
          throw new Error('broken');
        },
      },
    });
    watch(shadowOf([REFUNDS]));
    run();
    await comparison.flush();
    expect(problems).toEqual(['the shadow could not be asked']);
    expect(added).toMatchObject([['one', { compared: 1, skipped: 1 }]]);
  });
});
