import { openAdmin } from '../administration/open-admin.ts';
import { EXIT } from '../failure.ts';
import { formatSimulation } from '../policies/format-simulation.ts';
import { readCase, type SimulateOptions } from '../policies/read-case.ts';
import type { Terminal } from '../terminal.ts';

/** Asks the draft, or the live release, about a request that nobody makes. */
export async function policySimulate(
  terminal: Terminal,
  operation: string | undefined,
  options: SimulateOptions,
): Promise<number> {
  const request = await readCase(operation, options);
  const admin = await openAdmin(terminal, options);
  const against = options.against === undefined ? {} : { against: options.against };
  const { body } = await admin.call({
    method: 'POST',
    path: '/draft/simulate',
    body: { ...request, ...against },
  });
  if (options.json === true) terminal.print(JSON.stringify(body.value));
  else for (const line of formatSimulation(body, terminal.colours)) terminal.print(line);
  return EXIT.done;
}
