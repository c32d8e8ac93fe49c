import { Command } from 'commander';
import { addApprovals } from './program/approval-commands.ts';
import { addAudit } from './program/audit-commands.ts';
import { addCalls } from './program/call-commands.ts';
import type { Context } from './program/context.ts';
import { addInit } from './program/init-commands.ts';
import { addPolicies } from './program/policy-commands.ts';
import { addChecks } from './program/check-commands.ts';
import { addRegistrations } from './program/registration-commands.ts';
import { addReleases } from './program/release-commands.ts';
import { addReports } from './program/report-commands.ts';
import { addServer } from './program/server-commands.ts';
import { addSigningIn } from './program/sign-in-commands.ts';
import type { Terminal } from './terminal.ts';

const EXIT_CODES = `
Exit codes: 0 done, 1 refused or not valid, 2 wrong usage, 3 something that is needed did not answer`;

/** All commands. `finish` hears the exit code of the one that was called. */
export function oncekeyProgram(terminal: Terminal, finish: (exitCode: number) => void): Command {
  const context: Context = { terminal, run: async (start) => finish(await start()) };
  const program = new Command('oncekey')
    .description('One token, one operation, one use: the command line of the Oncekey token broker')
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(add --help for what it takes)')
    .exitOverride();
  const groups = {
    'Calls:': addCalls,
    'Sign-in:': addSigningIn,
    'Policies:': addPolicies,
    'Releases:': addReleases,
    'Begin:': addInit,
    'Registrations:': addRegistrations,
    'Approvals:': addApprovals,
    'Checks:': addChecks,
    'Audit and reports:': addAudit,
    'Server:': addServer,
  };
  for (const [heading, add] of Object.entries(groups)) {
    program.commandsGroup(heading);
    add(program, context);
  }
  addReports(program.commandsGroup('Audit and reports:'), context);
  return program;
}
