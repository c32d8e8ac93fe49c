import type { Command } from 'commander';
import { DATABASE, type Context } from './context.ts';

export function addServer(program: Command, { terminal, run }: Context): void {
  program
    .command('serve')
    .description('run broker and admin process on DATABASE_URL until one of them ends')
    .action(() => run(async () => (await import('../commands/serve.ts')).serve(terminal)));
  program
    .command('migrate')
    .description('bring the database up to date')
    .addOption(DATABASE)
    .action((options: { databaseUrl?: string }) =>
      run(async () => (await import('../commands/migrate.ts')).migrateCommand(terminal, options)),
    );
  program
    .command('seed')
    .description('load registrations, role bindings, catalog, policies and tests: all or nothing')
    .argument('<folder...>', 'folders with the files of docs/registrations.md')
    .addOption(DATABASE)
    .action((folders: string[], options: { databaseUrl?: string }) =>
      run(async () => (await import('../commands/seed.ts')).seedCommand(terminal, folders, options)),
    );
}
