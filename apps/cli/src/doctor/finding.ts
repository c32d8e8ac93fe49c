import type { Colours } from '#quickstart';
import { columns } from '../columns.ts';

/** What one check found. */
export interface Finding {
  readonly id: string;
  /** `skipped`: it cannot be seen from here. */
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly says: string;
  /** What to do; empty unless it failed. */
  readonly fix: string;
}

export const passed = (id: string, says: string): Finding => ({ id, state: 'passed', says, fix: '' });
export const skipped = (id: string, says: string): Finding => ({ id, state: 'skipped', says, fix: '' });
export const failed = (id: string, says: string, fix: string): Finding => ({
  id,
  state: 'failed',
  says,
  fix,
});

/** For people: a finding a line, and below each fault what to do. */
export function formatFindings(findings: readonly Finding[], colours: Colours): readonly string[] {
  const sign = { passed: colours.green('✓'), failed: colours.red('✗'), skipped: '-' };
  const lines = columns(
    findings.map(({ id, state, says }) => [sign[state], id, says]),
    '  ',
  );
  const red = findings.filter(({ state }) => state === 'failed').length;
  return [
    ...findings.flatMap(({ fix }, at) => [
      lines[at] ?? '',
      ...(fix === '' ? [] : [`      ${colours.yellow(fix)}`]),
    ]),
    red === 0 ? colours.green('nothing is wrong that can be seen from here') : colours.red(`${red} faults`),
  ];
}
