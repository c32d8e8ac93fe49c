import { BoundedMap } from './bounded-map.ts';

describe(BoundedMap.name, () => {
  test('what was used longest ago goes first', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
  });

  test('it never grows beyond its size', () => {
    const map = new BoundedMap<number, number>(10);
    for (let i = 0; i < 1000; i++) map.set(i, i);
    expect(map.size).toBe(10);
  });

  test('setting a key again replaces its value and counts once', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('b', 3);
    expect([map.get('a'), map.get('b'), map.size]).toEqual([1, 3, 2]);
  });
});
