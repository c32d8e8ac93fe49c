import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** Runs a command: loads its module only then, so that `--help` and small commands stay quick. */
type Run = (start: () => Promise<number>) => Promise<void>;

/** What each group of commands is given. */
export interface Context {
  readonly terminal: Terminal;
  readonly run: Run;
}

export const DATABASE = new Option(
  '--database-url <url>',
  'default: DATABASE_URL, else the running quickstart',
);

/** For commands that call the admin API. */
export function withAdmin(command: Command): Command {
  return command
    .option('--as <user>', 'user of the quickstart; default: your profile, else ada')
    .option('--json', 'print the answer as JSON');
}

/** Gathers an option that may be repeated. */
export function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}

/** Reads a whole number within bounds. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^[0-9]{1,9}$/.test(text) || count < least || count > most)
      throw new InvalidArgumentError(`a whole number from ${least} to ${most}`);
    return count;
  };
}
