import type { Command } from 'commander';
import type { CallOptions } from '../calling/call-options.ts';
import { collect, type Context } from './context.ts';

export function addCalls(program: Command, { terminal, run }: Context): void {
  withCallOptions(program.command('call'))
    .description('earn a token for one request, send the request, print the answer')
    .option('--replay', 'send it once more with the same token, which must be refused')
    .option('--json', 'print status, headers and body as one JSON object')
    .addHelpText('after', CALL_EXAMPLES)
    .action((method: string, url: string, options: CallOptions) =>
      run(async () => (await import('../commands/call.ts')).call(terminal, { method, url }, options)),
    );
  withCallOptions(program.command('exchange'))
    .description('earn a token for one request and print the token response')
    .option('--json', 'print a refusal as JSON too')
    .action((method: string, url: string, options: CallOptions) =>
      run(async () => (await import('../commands/exchange.ts')).exchange(terminal, { method, url }, options)),
    );
  program
    .command('quickstart')
    .description('what the running quickstart offers to scripts')
    .command('id-token')
    .description('sign a user of the toy identity provider in, and print the ID token')
    .argument('<user>', 'ada or bob')
    .action((user: string) =>
      run(async () => (await import('../commands/quickstart-id-token.ts')).quickstartIdToken(terminal, user)),
    );
}

const CALL_EXAMPLES = `
Examples:
  oncekey call GET http://127.0.0.1:9403/orders/42 --as ada
  oncekey call POST http://127.0.0.1:9403/orders/42/refund -d '{"cents":500}'
  oncekey call POST https://api.example/orders -d @order.json --issuer https://broker.example \\
    --client-id support-desk --client-key client.jwk.json --id-token id-token.txt`;

function withCallOptions(command: Command): Command {
  return command
    .argument('<method>', 'HTTP method')
    .argument('<url>', 'target URL, query included')
    .option('-d, --data <body>', 'body, or @file; JSON unless a content-type says otherwise')
    .option('-H, --header <line>', "'name: value'; may be repeated", collect)
    .option(
      '--resource <url>',
      "identifier of the API; default: the quickstart's API, elsewhere the URL's origin",
    )
    .option('--as <user>', 'user of the quickstart: ada (default) or bob')
    .option('--issuer <url>', 'elsewhere: the broker')
    .option('--client-id <id>', 'elsewhere: the client')
    .option('--client-key <file>', 'elsewhere: private JWK of the client')
    .option('--id-token <file>', "elsewhere: the user's ID token; - for standard input")
    .option('--actor-token <file>', 'elsewhere: ID token of whoever acts for the user')
    .option('--device-key <file>', 'private JWK that the token is bound to; default: one for this call only');
}
