import type { Changes } from './changed-file.ts';

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

export function kongInNginx({ port, api, folder, broker, id }: Place): Changes {
  return [
    ['HARNESS', `${process.cwd()}/test/gateways/kong`],
    ['127.0.0.1:3000', api],
    ['listen 8443', `listen 127.0.0.1:${port}`],
    ['FOLDER', folder],
    ['BROKER/forward-auth/orders', `${broker}/forward-auth/${id}`],
  ];
}
