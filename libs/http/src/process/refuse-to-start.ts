import { ConfigurationError } from '../config/configuration-error.ts';

/** The end of a process that has no log yet. Says what an operator can mend, on standard error. */
export function refuseToStart(thrown: unknown): void {
  const says = thrown instanceof ConfigurationError ? thrown.message : `could not start: ${String(thrown)}`;
  process.stderr.write(`${says}\n`);
  process.exitCode = 1;
}
