import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/deployment/free-port.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { isInstalled, type ModulePackage } from '../support/installed.ts';
import { failedRows, registerServer, runProbe, type ProbeReport } from '../support/probe-run.ts';
import { QuickstartProcess, START_MS } from '../support/quickstart-process.ts';
import { GATEWAY_COMMANDS } from './gateway-commands.ts';
import type { Changes } from './changed-file.ts';
import { runGateway } from './gateway-process.ts';
import { IntrospectionFront } from './introspection-front.ts';

const STEP_MS = 180_000;

jest.setTimeout(STEP_MS);

const CLIENT_ID = 'orders-api-behind-apache';

interface Module {
  readonly name: string;
  readonly package: ModulePackage;
  readonly file: string;
  /** Without what turns its cache off the module does as it is shipped. */
  readonly cacheOn: Changes;
  readonly registration: object;
  /** It calls no introspection endpoint without TLS. */
  readonly wantsTls: boolean;
  /** More that is otherwise here. */
  readonly changes: Changes;
}

const MODULES: readonly Module[] = [
  {
    name: 'mod_oauth2',
    package: 'libapache2-mod-oauth2',
    file: 'apache/mod_oauth2.conf',
    cacheOn: [[/&expiry=0/, '']],
    registration: { binding: 'self', algorithms: ['RS256'] },
    wantsTls: false,
    changes: [],
  },
  {
    name: 'mod_auth_openidc',
    package: 'libapache2-mod-auth-openidc',
    file: 'apache/mod_auth_openidc.conf',
    cacheOn: [
      [/\n *OIDCOAuthTokenIntrospectionInterval -1/, ''],
      // In shared memory it keeps nothing whose key is longer than 512 bytes, as tokens are; unless keys are hashed.
      ['OIDCOAuthClientID', 'OIDCCryptoPassphrase test\nOIDCCacheEncrypt On\nOIDCOAuthClientID'],
    ],
    registration: { binding: 'self', proof: 'none', algorithms: ['RS256'], legacy_audience: true },
    wantsTls: true,
    // The certificate of this test is nobody's.
    changes: [['OIDCOAuthClientID', 'OIDCOAuthSSLValidateServer Off\nOIDCOAuthClientID']],
  },
];

for (const { name, package: debianPackage, file, cacheOn, registration, wantsTls, changes } of MODULES) {
  const describeIt = isInstalled('apache2', debianPackage) ? describe : describe.skip;
  describeIt(`Apache with ${name}`, () => {
    const key = makeSigningKey('RS256');
    let quickstart: QuickstartProcess;
    let ended: Promise<number | null>;
    let front: IntrospectionFront;
    let port: number;
    let folder: string;

    beforeAll(async () => {
      quickstart = await QuickstartProcess.onFreePorts();
      ({ ended } = await quickstart.start());
      const issuer = `http://127.0.0.1:${quickstart.ports[0]}`;
      front = await IntrospectionFront.start(issuer, CLIENT_ID, key);
      port = await freePort();
      folder = mkdtempSync(join(tmpdir(), 'oncekey-apache-'));
      const pem = {
        private: { type: 'pkcs8', format: 'pem' },
        public: { type: 'spki', format: 'pem' },
      } as const;
      writeFileSync(join(folder, 'orders-api.key.pem'), key.privateKey.export(pem.private));
      writeFileSync(join(folder, 'orders-api.pub.pem'), createPublicKey(key.privateKey).export(pem.public));
      await registerServer(quickstart, {
        id: 'behind-apache',
        client_id: CLIENT_ID,
        resource: `http://127.0.0.1:${port}/`,
        jwks: { keys: [key.publicJwk] },
        ...registration,
      });
    }, START_MS);
    afterAll(async () => {
      await front.stop();
      quickstart.signal('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }, 20_000);

    async function probed(more: Changes): Promise<ProbeReport> {
      const issuer = `http://127.0.0.1:${quickstart.ports[0]}`;
      const gateway = await runGateway({
        file,
        port,
        changes: (place) => [
          ['127.0.0.1:3000', place.api],
          ['Listen 8443', `Listen 127.0.0.1:${port}`],
          [/https:\/\/api\.example(?=')/, `http://127.0.0.1:${port}`],
          ['ServerName https://api.example', `ServerName http://127.0.0.1:${port}`],
          [/orders-api(?![.\w])(?=&|\n)/, CLIENT_ID],
          ...changes,
          ...more,
        ],
        command: GATEWAY_COMMANDS.apache2,
        env: {
          ONCEKEY_RUN: folder,
          ONCEKEY_ISSUER: wantsTls ? front.url : issuer,
          ONCEKEY_JWK: encodeURIComponent(
            JSON.stringify({ ...key.privateKey.export({ format: 'jwk' }), kid: key.kid }),
          ),
        },
      });
      try {
        return (await runProbe(quickstart, `http://127.0.0.1:${port}/`)).report;
      } finally {
        await gateway.stop();
      }
    }

    it('passes every row with the file of the examples', async () => {
      const report = await probed([]);
      expect(failedRows(report)).toEqual([]);
      expect(report).toMatchObject({ passed: true, gateway: 'apache' });
    });

    it('keeps answers as it is shipped, which the probe shows and says how to end', async () => {
      const report = await probed(cacheOn);
      const failed = failedRows(report);
      expect(failed.map(({ id }) => id)).toEqual(['cached-answer']);
      expect(failed[0]?.says).toContain('the broker was not asked');
      expect(failed[0]?.fixes[0]).toContain(name);
    });
  });
}
