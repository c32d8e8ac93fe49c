import type { Command } from 'commander';
import type { AdminOptions } from '../administration/open-admin.ts';
import { withAdmin, type Context } from './context.ts';

export function addApprovals(program: Command, { terminal, run }: Context): void {
  const approvals = program.command('approvals').description('what waits for your approval');
  const load = () => import('../commands/approvals.ts');
  withAdmin(approvals.command('list'))
    .description('what you may decide, the oldest first')
    .action((options: AdminOptions) => run(async () => (await load()).listApprovals(terminal, options)));
  withAdmin(approvals.command('show'))
    .description('who asks for what, from where, and who has approved it')
    .argument('<id>')
    .action((id: string, options: AdminOptions) =>
      run(async () => (await load()).showApproval(terminal, id, options)),
    );
  withAdmin(approvals.command('approve'))
    .description('approve it, for the groups that you are in')
    .argument('<id>')
    .requiredOption('--code <code>', 'that whoever asks has read to you')
    .action((id: string, options: AdminOptions & { code: string }) =>
      run(async () => (await load()).approve(terminal, id, options)),
    );
  withAdmin(approvals.command('deny'))
    .description('deny it, for good')
    .argument('<id>')
    .action((id: string, options: AdminOptions) =>
      run(async () => (await load()).deny(terminal, id, options)),
    );
}
