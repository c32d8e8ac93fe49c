import { parse } from 'yaml';
import type { Changes } from './changed-file.ts';
import type { FileBeside } from './gateway-process.ts';

interface Place {
  readonly port: number;
  readonly api: string;
  readonly folder: string;
  readonly broker: string;
  readonly id: string;
}

/** Below `examples`. */
export const KONG_IN_NGINX = '../test/gateways/kong/nginx.conf';
export const KONG_PLUGIN = 'kong/kong/plugins/oncekey/handler.lua';
export const KONG_FUNCTION = 'kong/kong.yml';

interface Declared {
  readonly services: readonly { plugins: readonly { config: { access: readonly string[] } }[] }[];
}

/** The function of the file for `pre-function`. */
export function kongFunction({ broker, id }: Pick<Place, 'broker' | 'id'>): FileBeside {
  const part = (text: string): string =>
    (parse(text) as Declared).services[0]?.plugins[0]?.config.access[0] ?? '';
  const changes: Changes = [['127.0.0.1:8080/forward-auth/orders', `${broker}/forward-auth/${id}`]];
  return { file: KONG_FUNCTION, part, changes };
}

/** `asks`: what Kong runs for a request. */
export function kongInNginx({ port, api, folder, broker, id }: Place, asks: 'plugin' | 'function'): Changes {
  const other: Changes = asks === 'plugin' ? [] : [[/dofile.*\n/, `dofile("${folder}/kong.yml")\n`]];
  const ours: Changes =
    asks === 'function'
      ? []
      : [
          ['FOLDER', folder],
          ['BROKER/forward-auth/orders', `${broker}/forward-auth/${id}`],
        ];
  return [
    ['HARNESS', `${process.cwd()}/test/gateways/kong`],
    ['127.0.0.1:3000', api],
    ['listen 8443', `listen 127.0.0.1:${port}`],
    ...other,
    ...ours,
  ];
}
