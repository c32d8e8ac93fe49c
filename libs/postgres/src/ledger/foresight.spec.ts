import { Foresight } from './foresight.ts';

describe('whether a batch is tried as it will nearly always go', () => {
  const ids = (...keys: string[]): ReadonlySet<string> => new Set(keys);

  it('is tried, and so is another one beside it', () => {
    const foresight = new Foresight();
    expect([foresight.enter(ids('a', 'b')), foresight.enter(ids('c'))]).toEqual([true, true]);
  });

  it('is not while another one with one of its ids is under way, whichever way that one goes', () => {
    const foresight = new Foresight();
    const [first, second] = [ids('a', 'b'), ids('b', 'c')];
    expect([foresight.enter(first), foresight.enter(second), foresight.enter(ids('c'))]).toEqual([
      true,
      false,
      false,
    ]);
    foresight.leave(first);
    foresight.leave(second);
    expect(foresight.enter(ids('b'))).toBe(true);
  });

  it.each<[failed: number, passedOver: number]>([
    [0, 0],
    [1, 1],
    [2, 3],
    [3, 7],
    [4, 15],
    [5, 16],
    [40, 16],
  ])('after %i in a row that went otherwise, %i are passed over', (failed, passedOver) => {
    const foresight = new Foresight();
    for (let at = 0; at < failed; at++) foresight.heard(false);
    let turns = 0;
    while (!foresight.enter(ids(`${turns}`))) turns++;
    expect(turns).toBe(passedOver);
  });

  it('forgets what went otherwise as soon as one comes true', () => {
    const foresight = new Foresight();
    for (let at = 0; at < 9; at++) foresight.heard(false);
    foresight.heard(true);
    expect([foresight.enter(ids('a')), foresight.enter(ids('b'))]).toEqual([true, true]);
  });
});
