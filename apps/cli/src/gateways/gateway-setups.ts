import { apacheFile } from './apache-file.ts';
import { caddyFile } from './caddy-file.ts';
import { envoyFile } from './envoy-file.ts';
import type { GatewayPlace } from './gateway-place.ts';
import { haproxyFile } from './haproxy-file.ts';
import { haproxyScript } from './haproxy-script.ts';
import { kongFile } from './kong-file.ts';
import { kongHandler } from './kong-handler.ts';
import { kongSchema } from './kong-schema.ts';
import { nginxFile } from './nginx-file.ts';
import { traefikFile } from './traefik-file.ts';

/** One product: its files, what the registration says of it, and how it is started. */
export interface GatewaySetup {
  /** By name below a folder of the product's own. */
  readonly files: Readonly<Record<string, (place: GatewayPlace) => string>>;
  /** Members of `forward_auth`; null where it introspects by itself. `body`: where it is not nobody who looks at them. */
  readonly forwardAuth: {
    readonly dialect: string;
    readonly request_id?: string;
    readonly body?: 'gateway';
  } | null;
  /** What to do with the files in a folder; lines that begin with `#` are for people. */
  readonly start: (folder: string) => readonly string[];
}

/**
 * The gateways that a configuration can be written for. `examples` holds each of these files, filled in for an API of
 * that name: `npm run generate` writes them.
 */
export const GATEWAY_SETUPS = {
  nginx: {
    files: { 'nginx.conf': nginxFile },
    forwardAuth: { dialect: 'original', request_id: 'X-Gateway-Request' },
    start: (folder) => [`nginx -t -c "$PWD/${folder}/nginx.conf"`, `nginx -c "$PWD/${folder}/nginx.conf"`],
  },
  haproxy: {
    files: { 'haproxy.cfg': haproxyFile, 'oncekey.lua': haproxyScript },
    forwardAuth: { dialect: 'original' },
    start: (folder) => [
      `ONCEKEY_LUA=${folder} haproxy -c -f ${folder}/haproxy.cfg`,
      `ONCEKEY_LUA=${folder} haproxy -f ${folder}/haproxy.cfg`,
    ],
  },
  caddy: {
    files: { Caddyfile: caddyFile },
    forwardAuth: { dialect: 'forwarded' },
    start: (folder) => [
      `caddy validate --config ${folder}/Caddyfile --adapter caddyfile`,
      `caddy run --config ${folder}/Caddyfile --adapter caddyfile`,
    ],
  },
  traefik: {
    files: { 'dynamic.yaml': traefikFile },
    forwardAuth: { dialect: 'forwarded' },
    start: (folder) => [`# name ${folder}/dynamic.yaml as providers.file.filename of Traefik`],
  },
  envoy: {
    files: { 'envoy.yaml': envoyFile },
    forwardAuth: { dialect: 'path' },
    start: (folder) => [
      `# put the filters of ${folder}/envoy.yaml into your listener; the cluster oncekey is the broker`,
    ],
  },
  kong: {
    files: {
      'kong.yaml': kongFile,
      'kong/plugins/oncekey/handler.lua': kongHandler,
      'kong/plugins/oncekey/schema.lua': kongSchema,
    },
    forwardAuth: { dialect: 'original', body: 'gateway' },
    start: (folder) => [
      `export KONG_PLUGINS=bundled,oncekey KONG_LUA_PACKAGE_PATH="$PWD/${folder}/?.lua;;"`,
      `kong config parse ${folder}/kong.yaml`,
      `KONG_DATABASE=off KONG_DECLARATIVE_CONFIG="$PWD/${folder}/kong.yaml" kong start`,
    ],
  },
  apache: {
    files: { 'mod_oauth2.conf': apacheFile },
    forwardAuth: null,
    start: (folder) => [
      `# ${folder}/mod_oauth2.conf reads ONCEKEY_RUN (a folder), ONCEKEY_ISSUER and ONCEKEY_JWK (the private key, percent-encoded)`,
      `apache2 -t -f "$PWD/${folder}/mod_oauth2.conf"`,
    ],
  },
} as const satisfies Readonly<Record<string, GatewaySetup>>;

export type GatewayProduct = keyof typeof GATEWAY_SETUPS;

/** The names of the products. */
export const GATEWAY_PRODUCTS = ['nginx', 'caddy', 'haproxy', 'traefik', 'envoy', 'apache', 'kong'] as const;

/** The files of a product, by name, for one place. */
export function gatewayFiles(product: GatewayProduct, place: GatewayPlace): ReadonlyMap<string, string> {
  const { files }: GatewaySetup = GATEWAY_SETUPS[product];
  return new Map(Object.entries(files).map(([name, fill]) => [name, fill(place)]));
}
