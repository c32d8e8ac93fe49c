import { generateKeyPairSync } from 'node:crypto';
import { asksForNonce, closeAll, grants, standInBroker } from '../test/stand-ins.ts';
import type { OncekeyClientOptions } from './client-options.ts';
import { createOncekeyClient } from './oncekey-client.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const clientKey = { ...privateKey.export({ format: 'jwk' }), kty: 'EC' };
const TYPE = 'urn:ietf:params:oauth:client-assertion-type';
const ISSUER = 'http://127.0.0.1:9';

type Ways = Pick<OncekeyClientOptions, 'clientKey' | 'clientToken' | 'clientSvid' | 'clientAttestation'>;

const clientOf = (issuer: string, ways: Ways) =>
  createOncekeyClient({ issuer, clientId: 'desk', subjectToken: () => 'id.token.ada', ...ways });

afterEach(closeAll);

describe('a client says who it is', () => {
  it.each<{
    name: string;
    ways: (ask: () => string) => Ways;
    type: string | null;
    header: string | undefined;
  }>([
    {
      name: 'the token of its platform',
      ways: (clientToken) => ({ clientToken }),
      type: `${TYPE}:jwt-bearer`,
      header: undefined,
    },
    {
      name: 'a JWT-SVID',
      ways: (clientSvid) => ({ clientSvid }),
      type: `${TYPE}:jwt-spiffe`,
      header: undefined,
    },
    {
      name: 'an attestation',
      ways: (clientAttestation) => ({ clientAttestation }),
      type: null,
      header: 'to.ken.2',
    },
  ])('with $name, asked for again at each attempt', async ({ ways, type, header }) => {
    const { issuer, exchanges } = await standInBroker([asksForNonce, grants]);
    let asked = 0;
    await clientOf(
      issuer,
      ways(() => `to.ken.${++asked}`),
    ).exchange(new Request('https://api.example/a'));
    expect([asked, exchanges.length]).toEqual([2, 2]);
    const { form, headers } = exchanges[1]!;
    expect(form.get('client_id')).toBe('desk');
    expect(form.get('client_assertion_type')).toBe(type);
    expect(form.get('client_assertion')).toBe(type === null ? null : 'to.ken.2');
    expect(headers['oauth-client-attestation']).toBe(header);
    expect(headers['dpop']).toBeDefined();
  });

  it.each<{ name: string; ways: Ways }>([
    { name: 'no way', ways: {} },
    { name: 'two ways', ways: { clientKey, clientToken: () => 'a.b.c' } },
  ])('and is not made with $name', ({ ways }) => {
    expect(() => clientOf(ISSUER, ways)).toThrow(expect.objectContaining({ code: 'unacceptable_key' }));
    expect(() => clientOf(ISSUER, { clientKey })).not.toThrow();
  });

  it('or fails as its source fails, and calls neither broker nor API', async () => {
    const { issuer, exchanges } = await standInBroker([grants]);
    const failure = new Error('no platform');
    const client = clientOf(issuer, { clientToken: () => Promise.reject(failure) });
    await expect(client.fetch('https://api.example/a')).rejects.toBe(failure);
    expect(exchanges).toEqual([]);
  });
});
