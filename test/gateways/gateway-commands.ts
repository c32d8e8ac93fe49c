import type { GatewayFile } from './gateway-process.ts';

/** How gateways run a file in the foreground, and leave nothing outside of their folder. */
export const GATEWAY_COMMANDS = {
  nginx: (path, folder) => [
    'nginx',
    ...['-p', folder, '-c', path, '-e', 'stderr'],
    ...['-g', `daemon off; pid ${folder}/pid; master_process off;`],
  ],
  haproxy: (path) => ['haproxy', '-db', '-f', path],
  caddy: (path) => ['caddy', 'run', '--config', path, '--adapter', 'caddyfile'],
  apache2: (path) => ['apache2', '-DFOREGROUND', '-f', path],
} as const satisfies Record<string, GatewayFile['command']>;
