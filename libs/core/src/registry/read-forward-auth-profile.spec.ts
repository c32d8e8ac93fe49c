import { readResourceServer } from './read-registrations.ts';

const SERVER = {
  id: 'orders',
  client_id: 'orders-api',
  resource: 'https://api.example/v1',
  jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }] },
};
const GATEWAY = { from: ['10.0.3.0/24', '::1'], dialect: 'original' };
const read = (forwardAuth?: unknown) =>
  readResourceServer(
    { ...SERVER, ...(forwardAuth === undefined ? {} : { forward_auth: forwardAuth }) },
    { number: 7, version: '1' },
    {
      allowHttpLoopback: false,
    },
  );

it('lets no gateway ask, where nothing is said', () => {
  expect(read()).toMatchObject({ registration: { forwardAuth: null } });
});

it.each(['original', 'forwarded', 'path'])('takes a gateway that speaks %s', (dialect) => {
  expect(read({ ...GATEWAY, dialect })).toMatchObject({
    registration: {
      forwardAuth: {
        from: [
          { version: 4, prefix: 24 },
          { version: 6, prefix: 128 },
        ],
        dialect,
        body: 'none',
        requestId: null,
        resourceMetadata: null,
      },
    },
  });
});

it('takes who checks the body, what names a request and where the metadata lies', () => {
  const resource_metadata = 'https://api.example/.well-known/oauth-protected-resource';
  expect(read({ ...GATEWAY, body: 'api', request_id: 'X-Gateway-Request', resource_metadata })).toMatchObject(
    {
      registration: {
        forwardAuth: { body: 'api', requestId: 'x-gateway-request', resourceMetadata: resource_metadata },
      },
    },
  );
});

it.each<[string, unknown, string]>([
  ['null', null, '#/forward_auth'],
  ['a list', [], '#/forward_auth'],
  ['an unknown member', { ...GATEWAY, secret: 's' }, '#/forward_auth'],
  ['no network', { ...GATEWAY, from: [] }, '#/forward_auth/from'],
  ['networks that are left out', { dialect: 'original' }, '#/forward_auth/from'],
  ['one network that is no list', { ...GATEWAY, from: '10.0.3.0/24' }, '#/forward_auth/from'],
  ['a host name', { ...GATEWAY, from: ['gateway.example'] }, '#/forward_auth/from'],
  ['one bad network among good ones', { ...GATEWAY, from: ['::1', '10.0.3.0/40'] }, '#/forward_auth/from'],
  ['everybody', { ...GATEWAY, from: ['0.0.0.0/0'] }, '#/forward_auth/from'],
  ['everybody with IPv6', { ...GATEWAY, from: ['::/0'] }, '#/forward_auth/from'],
  ['half of everybody', { ...GATEWAY, from: ['128.0.0.0/1'] }, '#/forward_auth/from'],
  [
    'seventeen networks',
    { ...GATEWAY, from: Array.from({ length: 17 }, (_, at) => `10.0.0.${at}`) },
    '#/forward_auth/from',
  ],
  ['no dialect', { from: ['::1'] }, '#/forward_auth/dialect'],
  ['an unknown dialect', { ...GATEWAY, dialect: 'nginx' }, '#/forward_auth/dialect'],
  ['an unknown check of the body', { ...GATEWAY, body: 'self' }, '#/forward_auth/body'],
  ['a request id that callers send', { ...GATEWAY, request_id: 'dpop' }, '#/forward_auth/request_id'],
  ['a request id that is no name', { ...GATEWAY, request_id: 'x-a b' }, '#/forward_auth/request_id'],
  [
    'metadata that would end the challenge',
    { ...GATEWAY, resource_metadata: 'https://api.example/", error="' },
    '#/forward_auth/resource_metadata',
  ],
])('refuses %s', (_, forwardAuth, pointer) => {
  expect(read(forwardAuth)).toEqual({ problems: [{ pointer, message: expect.any(String) }] });
});
