import { readIdentityProvider } from './read-registrations.ts';

const POLL = {
  endpoint: 'https://idp.example/poll',
  token_endpoint: 'https://idp.example/token',
  client_id: 'oncekey',
};
const HASH = 'a'.repeat(64);

const read = (events: unknown) =>
  readIdentityProvider({ id: 'corp', issuer: 'https://idp.example', events }, { allowHttpLoopback: false });

it('reads what a provider may tell, with its defaults', () => {
  expect(read({})).toMatchObject({
    registration: { events: { audience: null, authorizationSha256: null, devices: false, poll: null } },
  });
  expect(read({ audience: 'stream-1', authorization_sha256: HASH, devices: true })).toMatchObject({
    registration: { events: { audience: 'stream-1', authorizationSha256: HASH, devices: true } },
  });
});

it('reads where events are fetched, with its defaults', () => {
  const poll = {
    endpoint: 'https://idp.example/poll',
    tokenEndpoint: 'https://idp.example/token',
    clientId: 'oncekey',
    assertionAudience: 'https://idp.example/token',
    scope: null,
  };
  expect(read({ poll: POLL })).toMatchObject({ registration: { events: { poll } } });
  const said = { ...POLL, assertion_audience: 'https://idp.example', scope: 'ssf.read ssf.manage' };
  expect(read({ poll: said })).toMatchObject({
    registration: {
      events: { poll: { ...poll, assertionAudience: 'https://idp.example', scope: 'ssf.read ssf.manage' } },
    },
  });
});

it.each<[string, unknown, string]>([
  ['a text', 'yes', '#/events'],
  ['null', null, '#/events'],
  ['a list', [], '#/events'],
  ['a misspelt member', { device: true }, '#/events/device'],
  ['an audience with a blank', { audience: 'a b' }, '#/events/audience'],
  ['an empty audience', { audience: '' }, '#/events/audience'],
  ['the header itself', { authorization_sha256: 'Bearer x' }, '#/events/authorization_sha256'],
  ['a digest in capitals', { authorization_sha256: 'A'.repeat(64) }, '#/events/authorization_sha256'],
  ['a text for a truth', { devices: 'true' }, '#/events/devices'],
  ['a secret to poll with', { poll: { ...POLL, client_secret: 's' } }, '#/events/poll/client_secret'],
  ['http to poll', { poll: { ...POLL, endpoint: 'http://idp.example/poll' } }, '#/events/poll/endpoint'],
  [
    'userinfo',
    { poll: { ...POLL, token_endpoint: 'https://a@idp.example/' } },
    '#/events/poll/token_endpoint',
  ],
  ['no client id', { poll: { ...POLL, client_id: '' } }, '#/events/poll/client_id'],
  ['a scope with a line break', { poll: { ...POLL, scope: 'a\nb' } }, '#/events/poll/scope'],
])('refuses %s', (_, events, pointer) => {
  expect(read(events)).toMatchObject({ problems: [{ pointer }] });
});
