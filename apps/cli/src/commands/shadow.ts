import type { AdminClient } from '../administration/admin-client.ts';
import { AdminRefusal } from '../administration/admin-refusal.ts';
import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import type { Answer } from '../answer.ts';
import { columns } from '../columns.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Starts, shows or stops the evaluation of the draft beside the live release. */
export async function shadow(
  terminal: Terminal,
  what: 'start' | 'status' | 'stop',
  options: AdminOptions,
): Promise<number> {
  const admin = await openAdmin(terminal, options);
  const answer = await ask(admin, what).catch((error: unknown) => {
    throw error instanceof AdminRefusal && error.status === 404 ? new Failure('no shadow runs') : error;
  });
  if (options.json === true) terminal.print(JSON.stringify(answer.value));
  else for (const line of linesOf(answer, what)) terminal.print(line);
  return EXIT.done;
}

async function ask(admin: AdminClient, what: 'start' | 'status' | 'stop'): Promise<Answer> {
  switch (what) {
    case 'start':
      return (await admin.call({ method: 'PUT', path: '/shadow', body: {} })).body;
    case 'status':
      return (await admin.get('/shadow')).body;
    case 'stop':
      return (await admin.call({ method: 'DELETE', path: '/shadow' })).body;
  }
}

function linesOf(answer: Answer, what: 'start' | 'status' | 'stop'): readonly string[] {
  if (what === 'stop') return ['the shadow is gone'];
  if (what === 'start') return ['brokers decide on the draft beside the live release from now on'];
  const differences = answer
    .list('differences')
    .map((one) => [
      one.text('kind').replace('_', ' '),
      one.text('operation'),
      one.text('policy') || '-',
      `${one.text('count')} times`,
      one.text('example_reason_id'),
    ]);
  return [
    `since ${answer.text('started_at')}, by ${answer.text('started_by')}: ${answer.number('compared')} compared, ${answer.number('skipped')} left out`,
    ...(differences.length === 0 ? ['no difference'] : columns(differences, '  ')),
  ];
}
