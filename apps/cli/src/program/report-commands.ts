import type { Command } from 'commander';
import type { AdminOptions } from '../administration/open-admin.ts';
import { whole, withAdmin, type Context } from './context.ts';

export function addReports(program: Command, { terminal, run }: Context): void {
  const report = program.command('report').description('what could be less');
  withAdmin(report.command('standing'))
    .description('what does not expire, or is wider than it must be')
    .option('--fail-above <score>', 'exit with 1 above this score', whole(0, 1_000_000))
    .action((options: AdminOptions & { failAbove?: number }) =>
      run(async () => (await import('../commands/report-standing.ts')).reportStanding(terminal, options)),
    );
  withAdmin(report.command('unused'))
    .description('policies, operations and subjects that nobody has used')
    .option('--days <days>', 'for so long', whole(1, 365), 90)
    .action((options: AdminOptions & { days: number }) =>
      run(async () => (await import('../commands/report-unused.ts')).reportUnused(terminal, options)),
    );
}
