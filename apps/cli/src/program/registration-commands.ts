import { Argument, type Command } from 'commander';
import { RESOURCES } from '../administration/resources.ts';
import type { AdminOptions } from '../administration/open-admin.ts';
import { withAdmin, type Context } from './context.ts';

const resource = (): Argument =>
  new Argument('<resource>', RESOURCES.map(({ path }) => path).join(', ')).choices(
    RESOURCES.map(({ path }) => path),
  );

export function addRegistrations(program: Command, { terminal, run }: Context): void {
  withAdmin(program.command('get'))
    .description('list a resource, or show one of it')
    .addArgument(resource())
    .argument('[id]')
    .option('--filter <name=value>', 'narrow the list', collectFilter)
    .action(
      (path: string, id: string | undefined, options: AdminOptions & { filter?: Record<string, string> }) =>
        run(async () => (await import('../commands/get.ts')).get(terminal, { path, id }, options)),
    );
  withAdmin(program.command('put'))
    .description('create a resource or replace it; the file is YAML or JSON, - for standard input')
    .addArgument(resource())
    .argument('<file>')
    .action((path: string, file: string, options: AdminOptions) =>
      run(async () => (await import('../commands/put.ts')).put(terminal, { path, file }, options)),
    );
  withAdmin(program.command('delete'))
    .description('delete a resource')
    .addArgument(resource())
    .argument('<id>')
    .action((path: string, id: string, options: AdminOptions) =>
      run(async () => (await import('../commands/delete.ts')).deleteCommand(terminal, { path, id }, options)),
    );
  const importing = program.command('import').description('fill the catalog from elsewhere');
  withAdmin(importing.command('openapi'))
    .description('preview the operations of an OpenAPI document, or make them the draft')
    .argument('<file>', 'OpenAPI 3.0 or 3.1 as YAML or JSON; - for standard input')
    .requiredOption('--api <id>', 'resource server that the operations belong to')
    .option('--apply', 'change the draft')
    .option('--remove', 'with --apply: also remove operations that the document does not have')
    .action((file: string, options: AdminOptions & { api: string; apply?: boolean; remove?: boolean }) =>
      run(async () => (await import('../commands/import-openapi.ts')).importOpenapi(terminal, file, options)),
    );
}

function collectFilter(pair: string, earlier: Record<string, string> | undefined): Record<string, string> {
  const at = pair.indexOf('=');
  return { ...earlier, [pair.slice(0, Math.max(at, 0))]: pair.slice(at + 1) };
}
