import { AdminProblem } from '#core';
import { readRange } from './replay-range.ts';

it('reads a range', () => {
  const range = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:01Z' };
  expect(readRange(range)).toEqual({ from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 1, 0, 0, 1) });
});

it.each([
  ['no time', { from: 'yesterday', to: '2026-01-01T00:00:00Z' }, ['#/replay/from']],
  ['no times', { from: '', to: '' }, ['#/replay/from', '#/replay/to']],
  ['backwards', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, ['#/replay/to']],
  ['years', { from: '2020-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, ['#/replay/to']],
])('refuses %s', (_, range, pointers) => {
  try {
    readRange(range, '#/replay');
    throw new Error('it was read');
  } catch (thrown) {
    if (!(thrown instanceof AdminProblem)) throw thrown;
    expect(thrown.errors.map(({ pointer }) => pointer)).toEqual(pointers);
  }
});
