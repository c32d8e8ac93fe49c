import { randomUUID } from 'node:crypto';
import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'macos', win32: 'windows' };

export interface EnrolledDevice {
  readonly id: string;
  /** Default: what this program runs on. */
  readonly platform?: string;
}

/** Registers this device, by the key with which it calls, as the user's own. A policy says who may. */
export async function deviceEnroll(
  terminal: Terminal,
  { id, platform = PLATFORMS[process.platform] ?? process.platform }: EnrolledDevice,
  options: AdminOptions,
): Promise<number> {
  const admin = await openAdmin(terminal, options);
  const call = { method: 'POST', path: '/device-enrolments', body: { id, platform } } as const;
  const { body } = await admin.call({ ...call, idempotencyKey: randomUUID() });
  if (options.json === true) terminal.print(JSON.stringify(body.value));
  else terminal.print(`${id} is enrolled as a device of ${body.at('owner').text('subject')}`);
  return EXIT.done;
}
