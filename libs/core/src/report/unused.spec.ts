import { unusedReport, type Unused, type UsageInput } from './unused.ts';

const SINCE = 1_000;

/** Three policies and operations: `fresh` was used at the very beginning of the time, `stale` just before, `never` never. */
const used = new Map([
  ['fresh', SINCE],
  ['stale', SINCE - 1],
  ['gone', SINCE - 2],
]);
const permits = ['fresh', 'stale', 'never'].map((id) => ({ id, effect: 'permit' as const }));
const input: UsageInput = {
  policies: permits,
  operations: ['fresh', 'stale', 'never'],
  usage: { policies: used, operations: used, subjects: used },
  since: SINCE,
};
const never: Unused = { id: 'never', lastUsedAt: null };
const stale: Unused = { id: 'stale', lastUsedAt: SINCE - 1 };

describe('unusedReport', () => {
  it('lists policies and operations that were not used since, the never used first', () => {
    expect(unusedReport(input)).toMatchObject({
      since: SINCE,
      policies: [never, stale],
      operations: [never, stale],
    });
  });

  it('does not list a forbid: that nobody runs into it is no reason to take it away', () => {
    const policies = [...permits, { id: 'no-nights', effect: 'forbid' as const }];
    expect(unusedReport({ ...input, policies }).policies).toEqual([never, stale]);
  });

  it('does not list what no longer exists', () => {
    const { policies, operations } = unusedReport(input);
    expect([...policies, ...operations].map(({ id }) => id)).not.toContain('gone');
  });

  it('lists subjects that were permitted something before and nothing since, the longest ago first', () => {
    expect(unusedReport(input).subjects).toEqual([{ id: 'gone', lastUsedAt: SINCE - 2 }, stale]);
  });

  it('has equal times in the order of names', () => {
    const operations = ['c', 'a', 'b'];
    expect(unusedReport({ ...input, operations }).operations.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('is empty where everything is used', () => {
    const usage = { policies: used, operations: used, subjects: new Map<string, number>() };
    expect(unusedReport({ policies: [], operations: ['fresh'], usage, since: SINCE })).toEqual({
      since: SINCE,
      policies: [],
      operations: [],
      subjects: [],
    });
  });
});
