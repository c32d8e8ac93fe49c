import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { ModulePackage, Program } from '../support/installed.ts';
import { GATEWAY_COMMANDS } from './gateway-commands.ts';
import type { Changes } from './changed-file.ts';
import type { GatewayFile } from './gateway-process.ts';
import { KONG_IN_NGINX, KONG_PLUGIN, kongInNginx } from './kong-in-nginx.ts';

/** A mistake that somebody has made with the file of the examples, or will. */
interface WrongSetUp {
  readonly name: string;
  readonly changes: Changes;
  /** Of the script beside the file, where there is one. */
  readonly script?: Changes;
  /** The row of the probe that has to fail, and no other. */
  readonly row: string;
  readonly says: string;
  /** Within the first thing that the probe says to do. */
  readonly fix: string;
}

export interface ProbedGateway {
  readonly name: string;
  readonly program: Program & keyof typeof GATEWAY_COMMANDS;
  readonly module?: ModulePackage;
  /** What it does not say itself. */
  readonly flags: readonly string[];
  readonly forwardAuth: object;
  readonly file: string;
  readonly script?: string;
  readonly changes: (place: {
    port: number;
    api: string;
    folder: string;
    broker: string;
    id: string;
  }) => Changes;
  readonly env?: (broker: string, id: string) => Readonly<Record<string, string>>;
  readonly api?: GatewayFile['api'];
  readonly wrong: readonly WrongSetUp[];
}

const from = ['127.0.0.1'];

/** Compares the digest that the token permits, where it is told one. */
const comparesDigests: RequestListener = (request, response) => {
  void buffer(request).then((body) => {
    const permitted = request.headers['x-oncekey-content-digest'];
    const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
    const isPermitted = permitted === undefined || permitted === digest;
    response.writeHead(isPermitted ? 404 : 403).end();
  });
};

/** What it answers may be kept by everybody. */
const isPublic: RequestListener = (_request, response) => {
  response.writeHead(200, { 'cache-control': 'public, max-age=60' }).end('ok');
};

const KEEPS_AUTH_ANSWERS = `proxy_cache oncekey;
      proxy_cache_key $http_authorization;
      proxy_cache_valid 200 10s;
      proxy_ignore_headers Cache-Control;`;

export const PROBED_GATEWAYS: readonly ProbedGateway[] = [
  {
    name: 'nginx',
    program: 'nginx',
    flags: [],
    forwardAuth: { from, dialect: 'original', request_id: 'X-Gateway-Request' },
    file: 'nginx/nginx.conf',
    changes: ({ port, api, broker, id }) => [
      ['127.0.0.1:8080', broker],
      ['127.0.0.1:3000', api],
      ['listen 8443', `listen 127.0.0.1:${port}`],
      ['forward-auth/orders', `forward-auth/${id}`],
    ],
    wrong: [
      {
        name: 'keeps what auth_request was answered',
        changes: [
          ['http {', 'http {\n  proxy_cache_path kept keys_zone=oncekey:1m;'],
          ['proxy_cache off;', KEEPS_AUTH_ANSWERS],
        ],
        row: 'cached-answer',
        says: 'the broker was not asked',
        fix: 'nginx: no proxy_cache in the location that auth_request asks',
      },
      {
        name: 'tells GET of every request',
        changes: [['X-Original-Method $request_method', 'X-Original-Method GET']],
        row: 'head-for-get',
        says: 'HEAD got in',
        fix: 'X-Original-Method $request_method',
      },
      {
        name: 'tells the URI without its query',
        changes: [
          ['http {', 'http {\n  map $request_uri $path_alone { ~^(?<path>[^?]*) $path; }'],
          ['X-Original-URI $request_uri', 'X-Original-URI $path_alone'],
        ],
        row: 'other-path',
        says: 'another query got in',
        fix: 'X-Original-URI $request_uri',
      },
      {
        name: 'calls all requests of a caller by one name',
        changes: [['X-Gateway-Request $request_id', 'X-Gateway-Request $remote_addr']],
        row: 'second-call',
        says: 'the broker said repeated',
        fix: 'X-Gateway-Request $request_id',
      },
      {
        name: 'asks about one part of the API',
        changes: [['    location / {', '    location / { proxy_pass http://api; }\n    location /admin/ {']],
        row: 'first-call',
        says: 'the broker was not asked',
        fix: 'auth_request in the location of the whole API',
      },
    ],
  },
  {
    name: 'HAProxy',
    program: 'haproxy',
    flags: ['--gateway', 'haproxy'],
    forwardAuth: { from, dialect: 'original' },
    file: 'haproxy/haproxy.cfg',
    script: 'haproxy/oncekey.lua',
    changes: ({ port, api, folder }) => [
      ['127.0.0.1:3000', api],
      ['bind :8443', `bind 127.0.0.1:${port}`],
      ['${ONCEKEY_LUA}', folder],
    ],
    env: (broker, id) => ({ ONCEKEY_FORWARD_AUTH: `http://${broker}/forward-auth/${id}` }),
    api: isPublic,
    wrong: [
      {
        name: 'looks into its cache before it asks',
        changes: [
          ['frontend public', 'cache answers\n  total-max-size 4\n  max-age 60\n\nfrontend public'],
          [
            '  http-request lua',
            '  http-request cache-use answers\n  http-response cache-store answers\n  http-request lua',
          ],
        ],
        row: 'cached-answer',
        says: 'the broker was not asked',
        fix: 'haproxy: no http-request cache-use before the question',
      },
      {
        name: 'tells the URI without its query',
        changes: [],
        script: [['txn.f:pathq()', 'txn.f:path()']],
        row: 'other-path',
        says: 'another query got in',
        fix: 'haproxy: X-Original-URI from pathq',
      },
      {
        name: 'tells GET of every request',
        changes: [],
        script: [['txn.f:method()', '"GET"']],
        row: 'head-for-get',
        says: 'HEAD got in',
        fix: 'haproxy: X-Original-Method from method',
      },
      {
        name: 'hands on the last of two headers',
        changes: [],
        script: [
          ['all(sent, "authorization")', '{ txn.f:req_hdr("authorization") }'],
          ['all(sent, "dpop")', '{ txn.f:req_hdr("dpop") }'],
        ],
        row: 'duplicate-header',
        says: 'a first Authorization got in',
        fix: 'haproxy: hand on all values',
      },
    ],
  },
  {
    name: 'Caddy',
    program: 'caddy',
    flags: [],
    forwardAuth: { from, dialect: 'forwarded' },
    file: 'caddy/Caddyfile',
    changes: ({ port, api, broker, id }) => [
      ['127.0.0.1:8080', broker],
      ['127.0.0.1:3000', api],
      ['https://api.example', `http://127.0.0.1:${port}`],
      ['forward-auth/orders', `forward-auth/${id}`],
    ],
    wrong: [
      {
        name: 'takes the prefix away before it asks',
        changes: [['\t\tforward_auth', '\t\turi strip_prefix /v1\n\t\tforward_auth']],
        row: 'first-call',
        says: 'token.wrong_uri',
        fix: 'caddy: forward_auth before',
      },
      {
        name: 'asks about the methods that it knows of',
        changes: [
          ['\t\tforward_auth', '\t\t@known method GET POST PUT PATCH DELETE\n\t\tforward_auth @known'],
        ],
        row: 'head-for-get',
        says: 'HEAD got in',
        fix: 'caddy: forward_auth without a matcher',
      },
    ],
  },
  {
    name: 'Caddy before an API that compares digests',
    program: 'caddy',
    flags: [],
    forwardAuth: { from, dialect: 'forwarded', body: 'api' },
    file: 'caddy/Caddyfile',
    changes: ({ port, api, broker, id }) => [
      ['127.0.0.1:8080', broker],
      ['127.0.0.1:3000', api],
      ['https://api.example', `http://127.0.0.1:${port}`],
      ['forward-auth/orders', `forward-auth/${id}`],
    ],
    api: comparesDigests,
    wrong: [
      {
        name: 'does not hand on which body is permitted',
        changes: [[' X-Oncekey-Content-Digest\n', '\n']],
        row: 'changed-body',
        says: 'got in',
        fix: 'caddy: copy_headers with X-Oncekey-Content-Digest',
      },
    ],
  },
  {
    name: 'the plugin for Kong in nginx',
    program: 'nginx',
    module: 'libnginx-mod-http-lua',
    flags: ['--gateway', 'kong'],
    forwardAuth: { from, dialect: 'original', body: 'gateway' },
    file: KONG_IN_NGINX,
    script: KONG_PLUGIN,
    changes: (place) => kongInNginx(place),
    wrong: [
      {
        name: 'hands on the digest that the caller tells',
        changes: [],
        script: [['digest_of(body),', 'sent["content-digest"] or digest_of(body),']],
        row: 'changed-body',
        says: 'under the digest of the right one got in',
        fix: 'kong: X-Original-Content-Digest of kong.request.get_raw_body()',
      },
      {
        name: 'tells the URI without its query',
        changes: [],
        script: [['kong.request.get_path_with_query()', 'ngx.var.uri']],
        row: 'other-path',
        says: 'another query got in',
        fix: 'kong: X-Original-URI from kong.request.get_path_with_query()',
      },
    ],
  },
];
