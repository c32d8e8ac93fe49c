import { OAuthError } from '#core';
import { CommanderError } from 'commander';
import { EXIT, Failure } from './failure.ts';
import { oncekeyProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

/** `oncekey`. */
async function main(): Promise<number> {
  const terminal = processTerminal();
  let exitCode: number = EXIT.done;
  try {
    await oncekeyProgram(terminal, (code) => (exitCode = code)).parseAsync();
    return exitCode;
  } catch (error) {
    // Commander has said already what is wrong with the usage; asking for help is nothing wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    terminal.remark(`oncekey: ${sayFault(error)}`);
    if (error instanceof Failure) return error.exitCode;
    return error instanceof OAuthError ? EXIT.unavailable : EXIT.refused;
  }
}

/** The message, and those of its causes that add something. */
function sayFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = error instanceof OAuthError && error.detail !== null ? error.detail : error.message;
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return cause === '' ? said : `${said}: ${cause}`;
}

void main().then((exitCode) => {
  process.exitCode = exitCode;
});
