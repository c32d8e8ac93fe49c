import { INACTIVITIES, REFUSALS } from '#core';
import { REMEDIED, remedyOf } from './remedies.ts';

const REASONS = [...Object.keys(REFUSALS), ...Object.keys(INACTIVITIES)];

it.each(REASONS)('says what to do about %s', (reason) => {
  expect(remedyOf(reason)).toMatch(/^[a-z`].{10,}[^.]$/);
});

it('has no remedy for what is no reason', () => {
  expect(REMEDIED.filter((reason) => !REASONS.includes(reason))).toEqual([]);
  expect(remedyOf('weather.bad')).toBeNull();
});
