import type { Command } from 'commander';
import type { SimulateOptions } from '../policies/read-case.ts';
import { collect, withAdmin, type Context } from './context.ts';

export function addPolicies(program: Command, context: Context): void {
  const policy = program.command('policy').description('work on a folder of policies');
  addOffline(policy, context);
  addSimulate(policy, context);
}

function addOffline(policy: Command, { terminal, run }: Context): void {
  const offline = (name: string): Command =>
    policy
      .command(name)
      .argument('<folder>', 'catalog.yaml, *.cedar and tests.yaml')
      .option('--json', 'print the result as JSON');
  offline('fmt')
    .description('lay out all *.cedar files')
    .option('--check', 'change nothing; exit with 1 when a file is laid out otherwise')
    .action((folder: string, options: { check?: boolean; json?: boolean }) =>
      run(async () => (await import('../commands/policy-fmt.ts')).policyFmt(terminal, folder, options)),
    );
  offline('lint')
    .description('find what is wrong, and what may not be meant')
    .option('--deny-warnings', 'exit with 1 on a warning too')
    .action((folder: string, options: { denyWarnings?: boolean; json?: boolean }) =>
      run(async () => (await import('../commands/policy-lint.ts')).policyLint(terminal, folder, options)),
    );
  offline('test')
    .description('run tests.yaml; exit with 1 when a test fails')
    .action((folder: string, options: { json?: boolean }) =>
      run(async () => (await import('../commands/policy-test.ts')).policyTest(terminal, folder, options)),
    );
}

const EXAMPLES = `
Examples:
  oncekey policy simulate orders.refund --group support --param id=42 --device-key k --digest
  oncekey policy simulate --file case.yaml --against live`;

function addSimulate(policy: Command, { terminal, run }: Context): void {
  withAdmin(policy.command('simulate'))
    .description('ask the policies on the server about a request that nobody makes')
    .argument('[operation]', 'of the catalog, such as orders.refund')
    .option('--file <file>', 'the request as in tests.yaml, without expect; - for standard input')
    .option('--against <release>', 'draft (default) or live')
    .option('--issuer <url>', 'who asks: identity provider', 'https://login.example')
    .option('--subject <subject>', 'who asks', 'somebody')
    .option('--group <group>', 'who asks: a group, with its prefix; may be repeated', collect)
    .option('--email <address>', 'who asks')
    .option('--param <name=value>', 'path parameter; may be repeated', collect)
    .option('--client <id>', 'client that asks')
    .option('--actor <issuer|subject>', 'who acts for the one that asks')
    .option('--device-key <thumbprint>', 'key that is proved')
    .option('--digest', 'the body is fixed by its digest')
    .option('--ip <address>', 'where from')
    .option('--acr <acr>', 'how the user signed in')
    .option('--amr <method>', 'how the user signed in; may be repeated', collect)
    .option('--auth-time <time>', 'when the user signed in, such as 2026-01-31T09:30:00Z')
    .option('--claimed <name=value>', 'what the client says; may be repeated', collect)
    .option('--time <time>', 'when; default: now')
    .addHelpText('after', EXAMPLES)
    .action((operation: string | undefined, options: SimulateOptions) =>
      run(async () =>
        (await import('../commands/policy-simulate.ts')).policySimulate(terminal, operation, options),
      ),
    );
}
