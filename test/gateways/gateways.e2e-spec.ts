import { Caller } from '../support/deployment/caller.ts';
import { API, deploy, type Deployment } from '../support/deployment/deployment.ts';
import { Records } from '../support/deployment/records.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { readProof, readToken, READ_PATH, registerGateway } from '../support/gateway-call.ts';
import { GATEWAY_COMMANDS } from './gateway-commands.ts';
import { runGateway, type GatewayFile, type RunningGateway } from './gateway-process.ts';
import { KONG_IN_NGINX, KONG_PLUGIN, kongInNginx } from './kong-in-nginx.ts';
import { isInstalled, type ModulePackage } from '../support/installed.ts';

interface Case {
  readonly name: string;
  readonly module?: ModulePackage;
  readonly program: 'nginx' | 'haproxy' | 'caddy';
  readonly registration: Parameters<typeof registerGateway>[1];
  readonly file: (broker: string) => GatewayFile;
}

const from = ['127.0.0.1'];

const ASKS =
  'auth_request /oncekey; auth_request_set $oncekey_challenge $upstream_http_www_authenticate; auth_request_set $oncekey_jti $upstream_http_x_oncekey_jti; error_page 401 = @refused; error_page 500 = @undecided;';

/** By order: ways in which nginx sends a request on inside, to a location that asks again. */
const SENT_ON = [
  { order: 42, how: 'try_files to a path', directives: `${ASKS} try_files /nothing-there /inner;` },
  {
    order: 45,
    how: 'error_page to a path',
    directives: `${ASKS} error_page 404 = /inner; try_files /nothing-there =404;`,
  },
  {
    order: 46,
    how: 'try_files to a named location',
    directives: `${ASKS} try_files /nothing-there @inner;`,
  },
  {
    order: 47,
    how: 'error_page to a named location',
    directives: `${ASKS} error_page 404 = @inner; try_files /nothing-there =404;`,
  },
] as const;

const INNER = `location @inner { ${ASKS} proxy_set_header X-Oncekey-Jti $oncekey_jti; proxy_pass http://api; }`;

const CASES: readonly Case[] = [
  {
    name: 'nginx with the file of the examples',
    program: 'nginx',
    registration: { from, dialect: 'original', request_id: 'X-Gateway-Request' },
    file: (broker) => ({
      file: 'nginx/nginx.conf',
      changes: ({ port, api }) => [
        ['127.0.0.1:8080', broker],
        ['127.0.0.1:3000', api],
        ['listen 8443', `listen 127.0.0.1:${port}`],
        // Inside, the request goes on to another location, and nginx asks again.
        [
          '    location / {',
          [
            ...SENT_ON.map(({ order, directives }) => `location = /v1/orders/${order} { ${directives} }`),
            INNER,
            '    location / {',
          ].join('\n'),
        ],
      ],
      command: GATEWAY_COMMANDS.nginx,
    }),
  },
  {
    name: 'HAProxy with the file of the examples',
    program: 'haproxy',
    registration: { from, dialect: 'original' },
    file: (broker) => ({
      file: 'haproxy/haproxy.cfg',
      changes: ({ port, api }) => [
        ['127.0.0.1:3000', api],
        ['bind :8443', `bind 127.0.0.1:${port}`],
      ],
      command: GATEWAY_COMMANDS.haproxy,
      env: {
        ONCEKEY_LUA: `${process.cwd()}/examples/haproxy`,
        ONCEKEY_FORWARD_AUTH: `http://${broker}/forward-auth/orders`,
      },
    }),
  },
  {
    name: 'Caddy with the file of the examples',
    program: 'caddy',
    registration: { from, dialect: 'forwarded' },
    file: (broker) => ({
      file: 'caddy/Caddyfile',
      changes: ({ port, api }) => [
        ['127.0.0.1:8080', broker],
        ['127.0.0.1:3000', api],
        ['https://api.example', `http://127.0.0.1:${port}`],
        // The TLS that callers see ends elsewhere in this test.
        [
          'uri /forward-auth',
          'header_up X-Forwarded-Proto https\n\t\t\theader_up X-Forwarded-Host api.example\n\t\t\turi /forward-auth',
        ],
      ],
      command: GATEWAY_COMMANDS.caddy,
    }),
  },
  {
    name: 'the plugin for Kong in nginx',
    program: 'nginx',
    module: 'libnginx-mod-http-lua',
    registration: { from, dialect: 'original', body: 'gateway' },
    file: (broker) => ({
      file: KONG_IN_NGINX,
      changes: (place) => kongInNginx({ ...place, broker, id: 'orders' }),
      beside: [{ file: KONG_PLUGIN, changes: [] }],
      command: GATEWAY_COMMANDS.nginx,
    }),
  },
];

let deployment: Deployment;
let caller: Caller;
let records: Records;

beforeAll(async () => {
  const { url } = await freshDatabase();
  deployment = await deploy({ databaseUrl: url });
  caller = new Caller(deployment);
  records = await Records.open(url);
}, 60_000);
afterAll(async () => {
  await records.close();
  await deployment.stop();
});

for (const { name, program, module, registration, file } of CASES) {
  (isInstalled(program, module) ? describe : describe.skip)(name, () => {
    let gateway: RunningGateway;

    beforeAll(async () => {
      await registerGateway(caller, registration);
      gateway = await runGateway(file(new URL(caller.url).host));
    }, 60_000);
    afterAll(() => gateway.stop());
    beforeEach(() => void gateway.passed.splice(0));

    const call = async (
      token: string,
      { method = 'GET', path = READ_PATH, ...headers }: Record<string, string> = {},
    ): Promise<Response> =>
      fetch(`${gateway.url}${path}`, {
        method,
        headers: { authorization: `DPoP ${token}`, dpop: readProof(caller, token), ...headers },
      });

    it('passes a request once, with the identity and without what the caller said of it', async () => {
      const token = await readToken(caller);
      const forged = { 'x-oncekey-subject': 'root', 'x-oncekey-acr': 'high', 'x-oncekey-actor': 'boss' };
      expect((await call(token, forged)).status).toBe(200);
      const [passed] = gateway.passed;
      expect(passed).toMatchObject({ method: 'GET', headers: { 'x-oncekey-subject': 'ada' } });
      expect(passed?.headers['x-oncekey-operation']).toBe('orders.read');
      expect(passed?.headers['x-oncekey-acr'] ?? '').toBe('');
      expect(passed?.headers['x-oncekey-actor'] ?? '').toBe('');

      const again = await call(token);
      expect(again.status).toBe(401);
      expect(again.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_token"/);
      expect(gateway.passed).toHaveLength(1);
    });

    it('I-44 passes no other request, and believes no header of the caller about it', async () => {
      const token = await readToken(caller);
      const headers = {
        'x-original-method': 'GET',
        'x-original-uri': READ_PATH,
        'x-forwarded-method': 'GET',
        'x-forwarded-uri': READ_PATH,
        'x-forwarded-host': new URL(API).host,
        'x-forwarded-proto': 'https',
        'x-gateway-request': 'same',
      };
      expect((await call(token, { ...headers, path: '/v1/orders/43' })).status).toBe(401);
      expect((await call(token, { ...headers, method: 'DELETE' })).status).toBe(401);
      expect((await fetch(`${gateway.url}${READ_PATH}`)).status).toBe(401);
      expect(gateway.passed).toEqual([]);
      expect((await call(token, headers)).status).toBe(200);
      expect((await call(token, headers)).status).toBe(401);
      expect(gateway.passed).toHaveLength(1);
    });

    it('passes nothing when it is nobody’s gateway, or the broker does not answer', async () => {
      await registerGateway(caller, { ...registration, from: ['192.0.2.7'] }, 403);
      const token = await readToken(caller);
      expect((await call(token)).status).toBeGreaterThanOrEqual(403);
      expect(gateway.passed).toEqual([]);
      await registerGateway(caller, registration);
      const cutOff = await runGateway(file('127.0.0.1:1'));
      const headers = { authorization: `DPoP ${token}`, dpop: readProof(caller, token) };
      expect((await fetch(`${cutOff.url}${READ_PATH}`, { headers })).status).toBeGreaterThanOrEqual(500);
      expect(cutOff.passed).toEqual([]);
      await cutOff.stop();
      expect((await call(token)).status).toBe(200);
    });

    if (registration.request_id !== undefined) {
      it.each(SENT_ON)('I-44 asks twice about one request, which spends once: $how', async ({ order }) => {
        const path = `/v1/orders/${order}`;
        const token = await readToken(caller, {}, order);
        const { status } = await call(token, { path, dpop: readProof(caller, token, order) });
        expect(status).toBe(200);
        expect(gateway.passed).toHaveLength(1);
        const jti = gateway.passed[0]?.headers['x-oncekey-jti'];
        const events = await records.rows<{ outcome: string }>(
          `SELECT outcome FROM audit_event WHERE event->>'tokenId' = $1 AND type = 'token.forward_auth' ORDER BY id`,
          [jti],
        );
        expect(events.map(({ outcome }) => outcome)).toEqual(['spent', 'repeated']);
        const again = await call(token, { path, dpop: readProof(caller, token, order) });
        expect([again.status, gateway.passed.length]).toEqual([401, 1]);
      });
    }
  });
}
