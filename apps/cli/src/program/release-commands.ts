import { Option, type Command } from 'commander';
import type { AdminOptions } from '../administration/open-admin.ts';
import { whole, withAdmin, type Context } from './context.ts';

const FOLDER = ['<folder>', 'catalog.yaml, *.cedar and tests.yaml'] as const;

const MESSAGE = new Option('-m, --message <text>', 'why, for those who look back').makeOptionMandatory();

export function addReleases(program: Command, context: Context): void {
  addFolders(program, context);
  addPublished(program, context);
  addShadow(program, context);
}

function addFolders(program: Command, { terminal, run }: Context): void {
  withAdmin(program.command('pull'))
    .description('write the draft on the server into a folder')
    .argument(...FOLDER)
    .option('--live', 'the live release instead of the draft')
    .option('--force', 'replace files that say something else')
    .action((folder: string, options: AdminOptions & { live?: boolean; force?: boolean }) =>
      run(async () => (await import('../commands/pull.ts')).pull(terminal, folder, options)),
    );
  withAdmin(program.command('plan'))
    .description('tell what applying a folder would change; changes nothing')
    .argument(...FOLDER)
    .option('--markdown', 'as a comment for a pull request')
    .option('--replay <days>', 'decisions of so many days are decided again; 0: none', whole(0, 90), 7)
    .action((folder: string, options: AdminOptions & { markdown?: boolean; replay: number }) =>
      run(async () => (await import('../commands/plan.ts')).plan(terminal, folder, options)),
    );
  withAdmin(program.command('apply'))
    .description('make a folder the draft and publish it')
    .argument(...FOLDER)
    .addOption(MESSAGE)
    .option('--draft-only', 'do not publish')
    .action((folder: string, options: AdminOptions & { message: string; draftOnly?: boolean }) =>
      run(async () => (await import('../commands/apply.ts')).apply(terminal, folder, options)),
    );
}

function addPublished(program: Command, { terminal, run }: Context): void {
  withAdmin(program.command('releases'))
    .description('what was published, the newest first')
    .option('-n, --lines <count>', 'how many', whole(1, 10_000), 20)
    .action((options: AdminOptions & { lines: number }) =>
      run(async () => (await import('../commands/releases.ts')).releases(terminal, options)),
    );
  withAdmin(program.command('rollback'))
    .description('publish the content of an earlier release again')
    .argument('<number>', 'of that release', whole(1, 999_999_999))
    .addOption(MESSAGE)
    .action((number: number, options: AdminOptions & { message: string }) =>
      run(async () => (await import('../commands/rollback.ts')).rollback(terminal, number, options)),
    );
}

function addShadow(program: Command, { terminal, run }: Context): void {
  const shadow = program
    .command('shadow')
    .description('let brokers decide on the draft beside the live release, without effect');
  for (const [name, description] of [
    ['start', 'with the draft as it is now'],
    ['status', 'what has been decided otherwise so far'],
    ['stop', 'decide on the live release alone'],
  ] as const) {
    withAdmin(shadow.command(name))
      .description(description)
      .action((options: AdminOptions) =>
        run(async () => (await import('../commands/shadow.ts')).shadow(terminal, name, options)),
      );
  }
}
