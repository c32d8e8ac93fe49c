import { createServer } from 'node:https';
import type { TlsOptions } from 'node:tls';
import { answerJson, LocalServers } from '../../../../test/support/local-servers.ts';
import { selfSignedCertificate } from '../../../../test/support/self-signed-certificate.ts';
import { GuardedFetch } from './guarded-fetch.ts';

const servers = new LocalServers();
afterEach(() => servers.closeAll());

describe('K-16: TLS', () => {
  const DAY_MS = 86_400_000;
  const certificate = (host: string, fromDays: number, toDays: number) =>
    selfSignedCertificate({
      host,
      notBefore: new Date(Date.now() + fromDays * DAY_MS),
      notAfter: new Date(Date.now() + toDays * DAY_MS),
    });
  const good = certificate('localhost', -1, 1);

  async function serve(tls: TlsOptions): Promise<string> {
    const server = createServer(tls, (_, response) => answerJson(response, { ok: true }));
    server.on('tlsClientError', () => undefined);
    return `https://localhost:${await servers.listen(server)}/keys`;
  }
  const trusting = (...certificates: string[]) =>
    new GuardedFetch({
      allowHttpLoopback: true,
      totalMs: 2000,
      resolve: async () => ['127.0.0.1'],
      certificates,
    });

  test('a certificate that is trusted, for this host and alive is accepted', async () => {
    await expect(trusting(good.cert).json(await serve(good))).resolves.toEqual({ ok: true });
  });

  const wrongHost = certificate('idp.example', -1, 1);
  const expired = certificate('localhost', -2, -1);
  const early = certificate('localhost', 1, 2);
  test.each<[string, TlsOptions, string[], string | null]>([
    ['a certificate that nobody vouches for', good, [], 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['a certificate of another host', wrongHost, [wrongHost.cert], 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['an expired certificate', expired, [expired.cert], 'CERT_HAS_EXPIRED'],
    ['a certificate of tomorrow', early, [early.cert], 'CERT_NOT_YET_VALID'],
    [
      'TLS 1.1',
      { ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      [good.cert],
      null,
    ],
  ])('%s is refused', async (_, tls, trusted, code) => {
    await expect(trusting(...trusted).json(await serve(tls))).rejects.toMatchObject({
      name: 'FetchRefused',
      refusal: 'unreachable',
      detail: code ?? expect.anything(),
    });
  });

  test('the switch that turns off verification for a whole process turns off nothing here', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      await expect(trusting().json(await serve(good))).rejects.toMatchObject({
        detail: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      });
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });
});
