import { coloursFor } from '#quickstart';
import { CommanderError } from 'commander';
import { oncekeyProgram } from './program.ts';

async function parse(...args: string[]): Promise<{ code: string; said: string }> {
  let said = '';
  const program = oncekeyProgram(
    { print: () => undefined, remark: () => undefined, colours: coloursFor(false, undefined) },
    () => undefined,
  );
  const quiet = { writeOut: (text: string) => (said += text), writeErr: (text: string) => (said += text) };
  const hush = (command: typeof program): void => {
    command.configureOutput(quiet);
    for (const one of command.commands) hush(one as typeof program);
  };
  hush(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return { code: 'ran', said };
  } catch (error) {
    if (error instanceof CommanderError) return { code: error.code, said };
    throw error;
  }
}

describe('oncekey', () => {
  it.each<{ args: string[]; code: string; says: RegExp }>([
    { args: ['--help'], code: 'commander.helpDisplayed', says: /Exit codes: 0 done/ },
    { args: ['call', '--help'], code: 'commander.helpDisplayed', says: /--as <user>/ },
    { args: ['seed'], code: 'commander.missingArgument', says: /folder/ },
    { args: ['sead'], code: 'commander.unknownCommand', says: /Did you mean seed/ },
    { args: ['call', 'GET'], code: 'commander.missingArgument', says: /url/ },
    {
      args: ['call', 'GET', 'https://a.example', '--ass', 'ada'],
      code: 'commander.unknownOption',
      says: /Did you mean --as/,
    },
    { args: ['audit', 'tail', '-n', '0'], code: 'commander.invalidArgument', says: /1 to 10000/ },
    { args: ['explain'], code: 'commander.missingArgument', says: /id/ },
    { args: ['migrate', 'now'], code: 'commander.excessArguments', says: /too many arguments/ },
  ])('$args', async ({ args, code, says }) => {
    expect(await parse(...args)).toEqual({ code, said: expect.stringMatching(says) });
  });
});
