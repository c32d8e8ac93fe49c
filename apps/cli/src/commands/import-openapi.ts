import { randomUUID } from 'node:crypto';
import { openAdmin, type AdminOptions } from '../administration/open-admin.ts';
import { readDocument } from '../administration/read-document.ts';
import type { Answer } from '../answer.ts';
import { columns } from '../columns.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Shows which operations an OpenAPI document would add, change and remove; with `apply`, makes them the draft. */
export async function importOpenapi(
  terminal: Terminal,
  file: string,
  options: AdminOptions & { api: string; apply?: boolean; remove?: boolean },
): Promise<number> {
  const openapi = await readDocument(file);
  const admin = await openAdmin(terminal, options);
  const { api } = options;
  const { body } =
    options.apply === true
      ? await admin.call({
          method: 'POST',
          path: '/operations-import',
          body: { api, openapi, ...(options.remove === true ? { remove: true } : {}) },
          ifMatch: (await admin.get('/draft')).etag,
          idempotencyKey: randomUUID(),
        })
      : await admin.call({ method: 'POST', path: '/operations-import/preview', body: { api, openapi } });
  if (options.json === true) terminal.print(JSON.stringify(body.value));
  else for (const line of linesOf(body, options.apply === true)) terminal.print(line);
  return EXIT.done;
}

function linesOf(body: Answer, isDone: boolean): readonly string[] {
  const part = (what: string, sign: string): readonly (readonly string[])[] =>
    body.list(what).map((one) => {
      const id = typeof one.value === 'string' ? one.value : one.text('id');
      return [sign, id, one.text('method'), one.text('path')];
    });
  const rows = columns([...part('added', '+'), ...part('changed', '~'), ...part('removed', '-')], '  ');
  const unpermitted = body
    .list('unpermitted')
    .map((one) => (typeof one.value === 'string' ? one.value : one.text('id')));
  return [
    ...(rows.length === 0 ? ['the catalog has all of it already'] : rows),
    ...(unpermitted.length === 0 ? [] : [`no policy permits: ${unpermitted.join(', ')}`]),
    isDone ? 'this is in the draft now' : 'nothing was changed; --apply makes it the draft',
  ];
}
