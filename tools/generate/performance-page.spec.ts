import { fillPage } from './performance-page.ts';

const PAGE = 'before\n\n<!-- measured: loads -->\n\nold\n\n<!-- end -->\n\nafter\n';

it('puts tables between their marks, and again where it was put before', () => {
  const filled = fillPage(PAGE, { loads: '| new |' });
  expect(filled).toBe('before\n\n<!-- measured: loads -->\n\n| new |\n\n<!-- end -->\n\nafter\n');
  expect(fillPage(filled, { loads: '| new |' })).toBe(filled);
});

it.each([
  ['a mark that names nothing measured', {}],
  ['a table without a place', { loads: 'a', peers: 'b' }],
])('refuses %s', (_, tables) => {
  expect(() => fillPage(PAGE, tables)).toThrow();
});
