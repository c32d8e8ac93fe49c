import { Command, InvalidArgumentError, Option } from 'commander';
import type { CallOptions } from './calling/call-options.ts';
import type { Terminal } from './terminal.ts';

/** Runs a command: loads its module only then, so that `--help` and small commands stay quick. */
type Run = (start: () => Promise<number>) => Promise<void>;

const DATABASE = new Option('--database-url <url>', 'default: DATABASE_URL, else the running quickstart');

/** All commands. `finish` hears the exit code of the one that was called. */
export function oncekeyProgram(terminal: Terminal, finish: (exitCode: number) => void): Command {
  const run: Run = async (start) => finish(await start());
  const program = new Command('oncekey')
    .description('One token, one operation, one use: the command line of the Oncekey token broker')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(add --help for what it takes)')
    .exitOverride();
  addServer(program, { terminal, run });
  addCalls(program, { terminal, run });
  addAudit(program, { terminal, run });
  return program;
}

interface Context {
  readonly terminal: Terminal;
  readonly run: Run;
}

const EXIT_CODES = `
Exit codes: 0 done, 1 refused or not valid, 2 wrong usage, 3 something that is needed did not answer`;

function addServer(program: Command, { terminal, run }: Context): void {
  program
    .command('serve')
    .description('run broker and admin process on DATABASE_URL until one of them ends')
    .action(() => run(async () => (await import('./commands/serve.ts')).serve(terminal)));
  program
    .command('migrate')
    .description('bring the database up to date')
    .addOption(DATABASE)
    .action((options: { databaseUrl?: string }) =>
      run(async () => (await import('./commands/migrate.ts')).migrateCommand(terminal, options)),
    );
  program
    .command('seed')
    .description('load identity providers, clients, resource servers, catalog and policies: all or nothing')
    .argument('<folder...>', 'folders with the files of docs/registrations.md')
    .addOption(DATABASE)
    .action((folders: string[], options: { databaseUrl?: string }) =>
      run(async () => (await import('./commands/seed.ts')).seedCommand(terminal, folders, options)),
    );
}

function addCalls(program: Command, { terminal, run }: Context): void {
  withCallOptions(program.command('call'))
    .description('earn a token for one request, send the request, print the answer')
    .option('--json', 'print status, headers and body as one JSON object')
    .addHelpText('after', CALL_EXAMPLES)
    .action((method: string, url: string, options: CallOptions) =>
      run(async () => (await import('./commands/call.ts')).call(terminal, { method, url }, options)),
    );
  withCallOptions(program.command('exchange'))
    .description('earn a token for one request and print the token response')
    .option('--json', 'print a refusal as JSON too')
    .action((method: string, url: string, options: CallOptions) =>
      run(async () => (await import('./commands/exchange.ts')).exchange(terminal, { method, url }, options)),
    );
  program
    .command('quickstart')
    .description('what the running quickstart offers to scripts')
    .command('id-token')
    .description('sign a user of the toy identity provider in, and print the ID token')
    .argument('<user>', 'ada or bob')
    .action((user: string) =>
      run(async () => (await import('./commands/quickstart-id-token.ts')).quickstartIdToken(terminal, user)),
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
    .option('--device-key <file>', 'private JWK that the token is bound to; default: one for this call only');
}

function addAudit(program: Command, { terminal, run }: Context): void {
  program
    .command('audit')
    .description('read the audit log')
    .command('tail')
    .description('show the last events')
    .option('-n, --lines <count>', 'how many', readCount, 20)
    .option('-f, --follow', 'go on with each new event')
    .option('--json', 'one JSON object per line')
    .addOption(DATABASE)
    .action((options: { databaseUrl?: string; lines: number; follow?: boolean; json?: boolean }) =>
      run(async () => (await import('./commands/audit-tail.ts')).auditTail(terminal, options)),
    );
  program
    .command('explain')
    .description('all that the audit log knows about a reason id or a transaction')
    .argument('<id>', 'from an Oncekey-Reason-Id header, or the txn of an answer')
    .option('--json', 'one JSON object per line')
    .addOption(DATABASE)
    .action((id: string, options: { databaseUrl?: string; json?: boolean }) =>
      run(async () => (await import('./commands/explain.ts')).explain(terminal, id, options)),
    );
}

function collect(line: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), line];
}

function readCount(text: string): number {
  const count = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || count < 1 || count > 10_000) {
    throw new InvalidArgumentError('a whole number from 1 to 10000');
  }
  return count;
}
