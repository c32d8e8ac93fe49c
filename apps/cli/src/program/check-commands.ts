import { Option, type Command } from 'commander';
import type { DoctorOptions } from '../commands/doctor.ts';
import type { ProbeOptions } from '../commands/probe.ts';
import { GATEWAY_PRODUCTS } from '../gateways/gateway-setups.ts';
import { withAdmin, type Context } from './context.ts';

export function addChecks(program: Command, { terminal, run }: Context): void {
  withAdmin(program.command('probe'))
    .description('show whether a gateway lets in what it must, and nothing else; exit with 1 when not')
    .argument('<url>', 'of the API, or of a part of it; nothing of yours is called')
    .option('--via <origin>', 'connect there instead; the host of the URL is sent all the same')
    .addOption(
      new Option('--gateway <product>', 'what it is, where it does not say').choices(GATEWAY_PRODUCTS),
    )
    .action((url: string, options: ProbeOptions) =>
      run(async () => (await import('../commands/probe.ts')).probe(terminal, url, options)),
    );
  withAdmin(program.command('doctor'))
    .description(
      'look for what is wrong with a running broker and its registrations; exit with 1 when something is',
    )
    .option('--issuer <url>', 'of a broker that you do not administer: looks at what anybody can see')
    .option('--via <origin>', 'connect there instead of the issuer')
    .action((options: DoctorOptions) =>
      run(async () => (await import('../commands/doctor.ts')).doctor(terminal, options)),
    );
}
