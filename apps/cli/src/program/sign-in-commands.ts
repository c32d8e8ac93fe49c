import type { Command } from 'commander';
import type { AdminOptions } from '../administration/open-admin.ts';
import type { LoginOptions } from '../signing-in/login-options.ts';
import { DATABASE, whole, withAdmin, type Context } from './context.ts';

export function addSigningIn(program: Command, { terminal, run }: Context): void {
  withProvider(program.command('login'))
    .description('make a key for this device and sign in; the profile is kept in ~/.config/oncekey')
    .option('--issuer <url>', 'the broker')
    .option('--admin <url>', 'the admin API')
    .option('--client-id <id>', 'the client that the key of this device is registered for')
    .option('--acr-values <values>', 'how to sign in, where a policy demands it')
    .option('--max-age <seconds>', 'sign in again when the last time is longer ago', whole(0, 31_536_000))
    .action((options: LoginOptions) =>
      run(async () => (await import('../commands/login.ts')).login(terminal, options)),
    );
  withProvider(program.command('enroll'))
    .description('become the first admin, with the link from the log of the admin process')
    .argument('<link>')
    .option('--issuer <url>', 'the broker')
    .option('--client-id <id>', 'what the key of this device is registered as; default: oncekey-cli-...')
    .option('--provider-id <id>', 'what the identity provider is registered as; default: after its host')
    .action((link: string, options: LoginOptions) =>
      run(async () => (await import('../commands/enroll.ts')).enroll(terminal, link, options)),
    );
  program
    .command('logout')
    .description('forget the ID token')
    .option('--all', 'forget the key and the profile too')
    .action((options: { all?: boolean }) =>
      run(async () => (await import('../commands/logout.ts')).logout(terminal, options)),
    );
  withAdmin(program.command('whoami'))
    .description('who you are to the admin API, and what you may do')
    .action((options: AdminOptions) =>
      run(async () => (await import('../commands/whoami.ts')).whoami(terminal, options)),
    );
  withAdmin(program.command('device').description('this device').command('enroll'))
    .description('register this device, by its key, as your own; a policy says who may')
    .argument('<id>', 'what to call it')
    .option('--platform <name>', 'default: what this program runs on')
    .action((id: string, options: AdminOptions & { platform?: string }) =>
      run(async () =>
        (await import('../commands/device-enroll.ts')).deviceEnroll(terminal, { ...options, id }, options),
      ),
    );
  program
    .command('break-glass')
    .description('on the database host: make a link that lets somebody back in, loudly on record')
    .option('--admin-url <url>', 'where the admin API is; default: ONCEKEY_ADMIN_URL')
    .addOption(DATABASE)
    .action((options: { adminUrl?: string; databaseUrl?: string }) =>
      run(async () => (await import('../commands/break-glass.ts')).breakGlass(terminal, options)),
    );
}

function withProvider(command: Command): Command {
  return command
    .option('--provider <url>', 'the identity provider')
    .option(
      '--provider-client-id <id>',
      'what this program is called there: a native client, any loopback port',
    )
    .option('--scope <scopes>', 'what to ask the provider for', 'openid email groups')
    .option('--no-browser', 'only print the address to sign in at');
}
