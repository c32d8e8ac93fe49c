import { columns } from '../columns.ts';
import type { Terminal } from '../terminal.ts';
import type { KeptFile } from './kept-files.ts';
import type { Registered } from './register-api.ts';

/** What `oncekey init api` did, and what it found otherwise than it would have made it. */
export interface InitReport {
  readonly registered: readonly Registered[];
  readonly files: readonly KeptFile[];
  /** Of the policies, where they have been edited since. */
  readonly differences: readonly string[];
  readonly next: readonly string[];
}

/** Something is there already, and says something else. */
export function differs({ registered, files, differences }: InitReport): boolean {
  return differences.length > 0 || [...registered, ...files].some(({ state }) => state === 'differs');
}

/** Says it to people, or with `json` to programs. */
export function tellInit({ print, colours }: Terminal, report: InitReport, json: boolean): void {
  if (json) {
    print(JSON.stringify(report));
    return;
  }
  const { registered, files, differences, next } = report;
  const rows = [
    ...registered.flatMap(({ what, state, differences: found }) => [
      [state, what],
      ...found.map((line) => ['', `  ${line}`]),
    ]),
    ...files.map(({ file, state }) => [state, file]),
    ...differences.map((line) => ['differs', line]),
  ];
  for (const row of columns(rows)) print(row.startsWith('differs') ? colours.red(row) : row);
  if (differs(report))
    print('\nWhat differs was left as it is; --force makes all of it as it is made the first time.');
  print('\nNext:');
  for (const line of next) print(`  ${line.startsWith('#') ? colours.dim(line) : colours.cyan(line)}`);
}
