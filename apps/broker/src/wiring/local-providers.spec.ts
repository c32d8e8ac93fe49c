import { withoutLocalProviders } from './local-providers.ts';

const rows = (issuer: unknown) => ({
  revision: '1',
  identityProviders: [{ id: 'a', issuer }],
  clients: [],
  resourceServers: [],
  eventTransmitters: [],
  roleBindings: [],
});

describe(withoutLocalProviders.name, () => {
  it.each([
    'http://idp.example',
    'http://127.0.0.1:9000',
    'https://localhost',
    'https://localhost:8443/realm',
    'https://LOCALHOST.',
    'https://idp.localhost',
    'https://127.0.0.1',
    'https://127.1',
    'https://2130706433',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://0.0.0.0',
  ])('takes out %s', (issuer) => {
    expect(withoutLocalProviders(rows(issuer))).toMatchObject({
      refused: [issuer],
      rows: { identityProviders: [] },
    });
  });

  it.each([
    'https://idp.example',
    'https://localhost.example',
    'https://1.27.0.0.example',
    'not a url',
    null,
    7,
  ])('leaves %p to the reader of registrations', (issuer) => {
    expect(withoutLocalProviders(rows(issuer))).toEqual({ refused: [], rows: rows(issuer) });
  });
});
