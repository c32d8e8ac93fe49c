import { Option, type Command } from 'commander';
import type { ProbeOptions } from '../commands/probe.ts';
import { GATEWAYS } from '../probe/gateway-product.ts';
import { withAdmin, type Context } from './context.ts';

export function addProbes(program: Command, { terminal, run }: Context): void {
  withAdmin(program.command('probe'))
    .description('show whether a gateway lets in what it must, and nothing else; exit with 1 when not')
    .argument('<url>', 'of the API, or of a part of it; nothing of yours is called')
    .option('--via <origin>', 'connect there instead; the host of the URL is sent all the same')
    .addOption(new Option('--gateway <product>', 'what it is, where it does not say').choices(GATEWAYS))
    .action((url: string, options: ProbeOptions) =>
      run(async () => (await import('../commands/probe.ts')).probe(terminal, url, options)),
    );
}
