import type { Command } from 'commander';
import type { AuditSearchOptions } from '../administration/audit-query.ts';
import { DATABASE, whole, withAdmin, type Context } from './context.ts';

export function addAudit(program: Command, { terminal, run }: Context): void {
  const audit = program.command('audit').description('read the audit log, and say how long it is kept');
  audit
    .command('tail')
    .description('on the database: show the last events')
    .option('-n, --lines <count>', 'how many', whole(1, 10_000), 20)
    .option('-f, --follow', 'go on with each new event')
    .option('--json', 'one JSON object per line')
    .addOption(DATABASE)
    .action((options: { databaseUrl?: string; lines: number; follow?: boolean; json?: boolean }) =>
      run(async () => (await import('../commands/audit-tail.ts')).auditTail(terminal, options)),
    );
  withAuditFilter(withAdmin(audit.command('search')))
    .description('events that match, the newest first')
    .option('-n, --lines <count>', 'how many', whole(1, 10_000), 50)
    .action((options: AuditSearchOptions) =>
      run(async () => (await import('../commands/audit-search.ts')).auditSearch(terminal, options)),
    );
  withAuditFilter(withAdmin(audit.command('export')))
    .description('all events that match as JSON lines, the newest first')
    .action((options: AuditSearchOptions) =>
      run(async () => (await import('../commands/audit-export.ts')).auditExport(terminal, options)),
    );
  audit
    .command('keep')
    .description('on the database: say for how long the log is kept; for ever, if nobody says')
    .option('--days <count>', 'drop whole days when they are older', whole(30, 36_500))
    .option('--forever', 'drop nothing')
    .addOption(DATABASE)
    .action((options: { databaseUrl?: string; days?: number; forever?: boolean }) =>
      run(async () => (await import('../commands/audit-keep.ts')).auditKeep(terminal, options)),
    );
  program
    .command('explain')
    .description('all that the audit log knows about a reason id or a transaction')
    .argument('<id>', 'from an Oncekey-Reason-Id header, or the txn of an answer')
    .option('--json', 'one JSON object per line')
    .addOption(DATABASE)
    .action((id: string, options: { databaseUrl?: string; json?: boolean }) =>
      run(async () => (await import('../commands/explain.ts')).explain(terminal, id, options)),
    );
}

function withAuditFilter(command: Command): Command {
  return command
    .option('--issuer <url>', 'of this identity provider')
    .option('--subject <subject>', 'of this user')
    .option('--client <id>', 'of this client')
    .option('--operation <id>', 'about this operation of the catalog')
    .option('--reason <reason>', 'refused for this reason, such as policy.denied')
    .option('--outcome <outcome>', 'permitted, refused, spent, repeated, inactive or done')
    .option('--type <type>', 'token.exchange, token.introspect, admin.act, ...')
    .option('--txn <id>', 'of this transaction')
    .option('--reason-id <id>', 'with this reason id')
    .option('--from <time>', 'not before, ISO 8601')
    .option('--to <time>', 'before, ISO 8601');
}
