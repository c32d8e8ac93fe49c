import type { JsonObject } from '#core';
import { BadPublication } from './bad-publication.ts';
import { discoverJwksUri, discoverTransmitterJwksUri } from './discover-jwks-uri.ts';

const ISSUER = 'https://idp.example';
const KEYS = `${ISSUER}/keys`;

describe(discoverJwksUri.name, () => {
  test.each([
    ['https://idp.example', 'https://idp.example/.well-known/openid-configuration'],
    ['https://idp.example/', 'https://idp.example/.well-known/openid-configuration'],
    ['https://idp.example/tenant', 'https://idp.example/tenant/.well-known/openid-configuration'],
    ['https://idp.example/tenant/', 'https://idp.example/tenant/.well-known/openid-configuration'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000/.well-known/openid-configuration'],
  ])('the metadata of %s are at %s', async (issuer, url) => {
    const asked: string[] = [];
    const fetchJson = async (from: string) => {
      asked.push(from);
      return { issuer, jwks_uri: KEYS };
    };
    expect(await discoverJwksUri(fetchJson, issuer)).toBe(KEYS);
    expect(asked).toEqual([url]);
  });

  test.each<[string, JsonObject]>([
    ['J-40: a slash more', { issuer: `${ISSUER}/`, jwks_uri: KEYS }],
    ['J-41: other case', { issuer: 'https://IDP.example', jwks_uri: KEYS }],
    ['J-41: the default port', { issuer: `${ISSUER}:443`, jwks_uri: KEYS }],
    ['J-42: a look-alike', { issuer: 'https://\u0456dp.example', jwks_uri: KEYS }],
    ['K-03: another issuer', { issuer: 'https://other.example', jwks_uri: KEYS }],
    ['no issuer', { jwks_uri: KEYS }],
    ['a list of issuers', { issuer: [ISSUER], jwks_uri: KEYS }],
    ['no jwks_uri', { issuer: ISSUER }],
    ['a jwks_uri that is no text', { issuer: ISSUER, jwks_uri: [KEYS] }],
    ['a jwks_uri without TLS', { issuer: ISSUER, jwks_uri: 'http://127.0.0.1/keys' }],
  ])('metadata with %s are not believed', async (_, metadata) => {
    await expect(discoverJwksUri(async () => metadata, ISSUER)).rejects.toThrow(BadPublication);
    await expect(discoverJwksUri(async () => ({ issuer: ISSUER, jwks_uri: KEYS }), ISSUER)).resolves.toBe(
      KEYS,
    );
  });
});

describe(discoverTransmitterJwksUri.name, () => {
  test.each([
    ['https://mdm.example', 'https://mdm.example/.well-known/ssf-configuration'],
    ['https://mdm.example/', 'https://mdm.example/.well-known/ssf-configuration'],
    ['https://mdm.example/tenant/7', 'https://mdm.example/.well-known/ssf-configuration/tenant/7'],
  ])('SSF 1.0 §7.2: the metadata of %s are at %s', async (issuer, url) => {
    const asked: string[] = [];
    const fetchJson = async (from: string) => {
      asked.push(from);
      return { issuer, jwks_uri: KEYS };
    };
    expect(await discoverTransmitterJwksUri(fetchJson, issuer)).toBe(KEYS);
    expect(asked).toEqual([url]);
  });

  test('K-03: metadata of another issuer are not believed', async () => {
    const other = async () => ({ issuer: 'https://other.example', jwks_uri: KEYS });
    await expect(discoverTransmitterJwksUri(other, ISSUER)).rejects.toThrow(BadPublication);
  });
});
