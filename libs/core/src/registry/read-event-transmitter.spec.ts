import { readIdentityProvider } from './read-registrations.ts';

const HASH = 'a'.repeat(64);

const read = (events: unknown) =>
  readIdentityProvider({ id: 'corp', issuer: 'https://idp.example', events }, { allowHttpLoopback: false });

it('reads what a provider may tell, with its defaults', () => {
  expect(read({})).toMatchObject({
    registration: { events: { audience: null, authorizationSha256: null, devices: false } },
  });
  expect(read({ audience: 'stream-1', authorization_sha256: HASH, devices: true })).toMatchObject({
    registration: { events: { audience: 'stream-1', authorizationSha256: HASH, devices: true } },
  });
});

it.each<[string, unknown, string]>([
  ['a text', 'yes', '#/events'],
  ['null', null, '#/events'],
  ['a list', [], '#/events'],
  ['a misspelt member', { device: true }, '#/events'],
  ['an audience with a blank', { audience: 'a b' }, '#/events/audience'],
  ['an empty audience', { audience: '' }, '#/events/audience'],
  ['the header itself', { authorization_sha256: 'Bearer x' }, '#/events/authorization_sha256'],
  ['a digest in capitals', { authorization_sha256: 'A'.repeat(64) }, '#/events/authorization_sha256'],
  ['a text for a truth', { devices: 'true' }, '#/events/devices'],
])('refuses %s', (_, events, pointer) => {
  expect(read(events)).toMatchObject({ problems: [{ pointer }] });
});
