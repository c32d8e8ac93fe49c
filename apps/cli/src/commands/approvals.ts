import { randomUUID } from 'node:crypto';
import type { AdminClient } from '../administration/admin-client.ts';
import { listAll } from '../administration/list-all.ts';
import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import type { Answer } from '../answer.ts';
import { approvalLines, approvalRow } from '../approvals/format-approval.ts';
import { columns } from '../columns.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** What waits for whoever asks, the oldest first. */
export async function listApprovals(terminal: Terminal, options: AdminOptions): Promise<number> {
  const admin = await openAdmin(terminal, options);
  const items = await listAll(admin, { path: '/approvals' });
  if (options.json === true) terminal.print(JSON.stringify(items.map(({ value }) => value)));
  else if (items.length === 0) terminal.remark('nothing waits for you');
  else for (const row of columns(items.map(approvalRow))) terminal.print(row);
  return EXIT.done;
}

/** One request, decided or not. */
export async function showApproval(terminal: Terminal, id: string, options: AdminOptions): Promise<number> {
  const admin = await openAdmin(terminal, options);
  return tell(terminal, await read(admin, id), options);
}

/**
 * Approves a request, as it is shown here, for all groups of whoever approves.
 *
 * In     code  that whoever asked has read out: so that it is theirs which is approved, and not another
 * Fails  Failure when the request has another code; AdminRefusal
 */
export async function approve(
  terminal: Terminal,
  id: string,
  options: AdminOptions & { code: string },
): Promise<number> {
  const admin = await openAdmin(terminal, options);
  const shown = await read(admin, id);
  if (plain(shown.text('binding_code')) !== plain(options.code)) {
    throw new Failure(
      `the code of ${id} is another one: ask for it whoever wants this, and look at it with oncekey approvals show`,
    );
  }
  const body = { operation_hash: shown.text('operation_hash') };
  return tell(terminal, await decide(admin, `${pathOf(id)}/approve`, body), options);
}

/** Ends a request. */
export async function deny(terminal: Terminal, id: string, options: AdminOptions): Promise<number> {
  const admin = await openAdmin(terminal, options);
  return tell(terminal, await decide(admin, `${pathOf(id)}/deny`, {}), options);
}

function pathOf(id: string): string {
  return `/approvals/${encodeURIComponent(id)}`;
}

async function read(admin: AdminClient, id: string): Promise<Answer> {
  return (await admin.get(pathOf(id))).body;
}

async function decide(admin: AdminClient, path: string, body: object): Promise<Answer> {
  return (await admin.call({ method: 'POST', path, body, idempotencyKey: randomUUID() })).body;
}

function tell({ print, colours }: Terminal, approval: Answer, { json }: AdminOptions): number {
  if (json === true) print(JSON.stringify(approval.value));
  else for (const line of approvalLines(approval, colours)) print(line);
  return EXIT.done;
}

/** Read out over a telephone, typed in whichever way. */
function plain(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toUpperCase();
}
