import { randomUUID } from 'node:crypto';
import { liveNumber } from '../administration/live-number.ts';
import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Publishes the content of an earlier release again. */
export async function rollback(
  terminal: Terminal,
  number: number,
  options: AdminOptions & { message: string },
): Promise<number> {
  const admin = await openAdmin(terminal, options);
  const { body } = await admin.call({
    method: 'POST',
    path: `/releases/${number}/rollback`,
    body: { message: options.message },
    ifMatch: `"${await liveNumber(admin)}"`,
    idempotencyKey: randomUUID(),
  });
  if (options.json === true) terminal.print(JSON.stringify(body.value));
  else terminal.print(`release ${body.text('number')} is live, with the content of release ${number}`);
  return EXIT.done;
}
