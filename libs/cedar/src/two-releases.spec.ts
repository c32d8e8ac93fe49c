import { TwoReleases } from './two-releases.ts';

describe('TwoReleases', () => {
  it('finds once what two releases in turn need, and again what was forgotten', () => {
    const found: string[] = [];
    const memory = new TwoReleases<string>();
    const recall = (...keys: readonly string[]) => {
      memory.next();
      found.length = 0;
      for (const key of keys) {
        memory.recall(key, () => {
          found.push(key);
          return key === 'bad' ? null : key;
        });
      }
      return [...found];
    };
    expect(recall('a', 'b', 'a')).toEqual(['a', 'b']);
    expect(recall('a', 'c')).toEqual(['c']);
    expect(recall('a', 'b', 'c')).toEqual(['b']);
    expect(recall('bad', 'bad')).toEqual(['bad', 'bad']);
    expect(recall('bad', 'a')).toEqual(['bad', 'a']);
  });
});
