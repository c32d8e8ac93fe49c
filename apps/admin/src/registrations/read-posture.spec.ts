import { readPosture } from './read-posture.ts';

it('reads a report, and what is left out is not known', () => {
  expect(readPosture({})).toEqual({ compliant: null, facts: {} });
  expect(readPosture({ compliant: false, facts: { firewall: true, rooted: false } })).toEqual({
    compliant: false,
    facts: { firewall: true, rooted: false },
  });
});

it.each<[string, Record<string, unknown>, string]>([
  ['X-27 a text for a truth', { firewall: 'true' }, '#/facts/firewall'],
  ['a number for a truth', { firewall: 1 }, '#/facts/firewall'],
  ['null', { firewall: null }, '#/facts/firewall'],
  ['a name in capitals', { Firewall: true }, '#/facts/Firewall'],
  ['an empty name', { '': true }, '#/facts/'],
  ['a name that is a path', { 'a/b~c': true }, '#/facts/a~1b~0c'],
  ['65 facts', Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`fact_${n}`, true])), '#/facts'],
])('refuses %s', (_, facts, pointer) => {
  expect(() => readPosture({ facts })).toThrow(
    expect.objectContaining({ reason: 'admin.invalid', errors: [expect.objectContaining({ pointer })] }),
  );
});
