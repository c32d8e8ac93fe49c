import { Option, type Command } from 'commander';
import type { InitApiOptions } from '../commands/init-api.ts';
import { GATEWAY_PRODUCTS } from '../gateways/gateway-setups.ts';
import { collect, whole, withAdmin, type Context } from './context.ts';

const EXAMPLES = `
Examples:
  oncekey init api openapi.yaml --url https://api.example --gateway nginx
  oncekey init api openapi.yaml --url https://api.example/v1 --gateway none --group support --client desk
  oncekey init api openapi.yaml --url https://api.example --gateway caddy --offline`;

export function addInit(program: Command, { terminal, run }: Context): void {
  const init = program.command('init').description('begin with something new');
  withAdmin(init.command('api'))
    .description('register an API, and write the policies and the gateway configuration that it begins with')
    .argument('<file>', 'OpenAPI 3.0 or 3.1 as YAML or JSON; - for standard input')
    .requiredOption('--url <url>', 'public base URL of the API')
    .addOption(
      new Option('--gateway <product>', 'what stands before it; none: its guard asks the broker')
        .choices([...GATEWAY_PRODUCTS, 'none'])
        .makeOptionMandatory(),
    )
    .option('--id <id>', 'what to call it; default: from the title of the document')
    .option('--out <folder>', 'where files are written', 'oncekey')
    .option('--group <group>', 'whom the permits are for; default: a group for each tag')
    .option('--client <id>', 'a client that may ask for tokens for it; may be repeated', collect)
    .option('--key <file>', 'private JWK of the API; default: one is made')
    .option('--from <network>', 'of the gateway; may be repeated; default: 127.0.0.1', collect)
    .addOption(
      new Option(
        '--body <who>',
        'who holds bodies against their digest; default: nobody, or a gateway that can',
      ).choices(['none', 'gateway', 'api']),
    )
    .option('--broker <address>', 'host:port of the broker, as the gateway reaches it')
    .option('--upstream <address>', 'host:port of the API, as the gateway reaches it')
    .option('--listen <port>', 'of the gateway', whole(1, 65_535))
    .option('--offline', 'write files only')
    .option('--force', 'replace what is there and says something else')
    .addHelpText('after', EXAMPLES)
    .action((file: string, options: InitApiOptions) =>
      run(async () => (await import('../commands/init-api.ts')).initApi(terminal, file, options)),
    );
}
