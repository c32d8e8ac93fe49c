import { readResourceServer } from './read-registrations.ts';

const SERVER = {
  id: 'orders',
  client_id: 'orders-api',
  resource: 'https://api.example/v1',
  jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }] },
};
const read = (introspection?: unknown) =>
  readResourceServer(
    { ...SERVER, ...(introspection === undefined ? {} : { introspection }) },
    { number: 7, version: '1' },
    {
      allowHttpLoopback: false,
    },
  );

it('is told everything as it is, where nothing is said', () => {
  expect(read()).toMatchObject({
    registration: { introspection: { exp: 'token', aliases: new Map(), peek: false } },
  });
  expect(read({})).toMatchObject({
    registration: { introspection: { exp: 'token', aliases: new Map(), peek: false } },
  });
});

it.each(['token', 'soon', 'past'])('takes the expiry %s, and new names', (exp) => {
  const aliases = { username: 'sub', user: 'sub', consumer: 'client_id' };
  expect(read({ exp, aliases, peek: true })).toMatchObject({
    registration: { introspection: { exp, aliases: new Map(Object.entries(aliases)), peek: true } },
  });
});

it.each<[string, unknown, string]>([
  ['a list', [], '#/introspection'],
  ['null', null, '#/introspection'],
  ['a peek that is neither yes nor no', { peek: 'true' }, '#/introspection/peek'],
  ['an unknown member', { claims: {} }, '#/introspection'],
  ['an unknown expiry', { exp: 'never' }, '#/introspection/exp'],
  ['no expiry at all', { exp: null }, '#/introspection/exp'],
  ['aliases that are a list', { aliases: ['sub'] }, '#/introspection/aliases'],
  ['an alias of a member that is not always there', { aliases: { level: 'acr' } }, '#/introspection/aliases'],
  ['an alias named active', { aliases: { active: 'sub' } }, '#/introspection/aliases'],
  ['an alias named like another member', { aliases: { sub: 'client_id' } }, '#/introspection/aliases'],
  ['an alias named __proto__', JSON.parse('{"aliases":{"__proto__":"sub"}}'), '#/introspection/aliases'],
  ['an alias in capitals', { aliases: { User: 'sub' } }, '#/introspection/aliases'],
  [
    'nine aliases',
    { aliases: Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`a${at}`, 'sub'])) },
    '#/introspection/aliases',
  ],
])('refuses %s', (_, introspection, pointer) => {
  expect(read(introspection)).toEqual({ problems: [{ pointer, message: expect.any(String) }] });
});
