import { createWorld, fakeRelease } from '#testing';
import type { PolicyVerdict } from '../index.ts';

const PERMIT: PolicyVerdict = { effect: 'permit', determining: ['support-refunds'], failed: false };
const DENY: PolicyVerdict = { effect: 'deny', determining: [], failed: false };

describe('what a shadow hears', () => {
  it.each([
    ['a permit', PERMIT, 'permit'],
    ['a denial', DENY, 'deny'],
  ])('is %s with its question and the id that is on record', async (_, verdict, decision) => {
    const world = createWorld();
    world.running.shadow = { id: 'candidate', release: fakeRelease([]) };
    world.policy.verdict = verdict;
    await world.exchange(world.make.exchange()).catch(() => undefined);
    const event = world.ledger.events.at(-1);
    expect(world.watched).toEqual([
      {
        shadow: world.running.shadow,
        question: event?.question,
        judgement: expect.objectContaining({ decision, policies: verdict.determining }) as unknown,
        reasonId: event?.reasonId,
      },
    ]);
    expect(Object.keys(event ?? {})).not.toContain('judgement');
  });

  it('is nothing of a request that is refused before the policies are asked', async () => {
    const world = createWorld();
    await world.exchange(world.make.exchange({ resources: [] })).catch(() => undefined);
    expect(world.watched).toEqual([]);
  });
});
