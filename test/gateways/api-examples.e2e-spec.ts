import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Caller } from '../support/deployment/caller.ts';
import { deploy, type Deployment } from '../support/deployment/deployment.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { freshDatabase } from '../support/fresh-database.ts';
import { failedRows, registerServer, runProbe, type ProbeReport } from '../support/probe-run.ts';
import { useQuickstart } from '../support/use-quickstart.ts';
import { API_EXAMPLES, isAtHand } from './api-examples.ts';
import { buildApi, runApi } from './api-process.ts';
import { changed } from './changed-file.ts';

const PATH = '/v1/orders/42/refund';
const BODY = '{"amount":5}';

jest.setTimeout(300_000);

const quickstart = useQuickstart();

for (const example of API_EXAMPLES) {
  const copy = mkdtempSync(join(tmpdir(), 'oncekey-example-'));
  cpSync(resolve('examples', example.folder), copy, { recursive: true });
  const atHand = isAtHand(example, copy);
  if (!atHand) rmSync(copy, { recursive: true, force: true });
  (atHand ? describe : describe.skip)(`an API with the example of ${example.name}`, () => {
    beforeAll(() => buildApi(example, copy), 300_000);
    afterAll(() => rmSync(copy, { recursive: true, force: true }));

    describe('before a broker', () => {
      let deployment: Deployment;
      let caller: Caller;
      let stop: () => Promise<void>;
      let url: string;

      beforeAll(async () => {
        deployment = await deploy({ databaseUrl: (await freshDatabase()).url });
        caller = new Caller(deployment);
        const port = await freePort();
        url = `http://127.0.0.1:${port}`;
        const { issuer, keys } = deployment;
        const origin = 'https://api.example';
        const place = { copy, port, issuer, clientId: 'orders-api', origin, key: keys.server };
        stop = await runApi(example, place);
      }, 180_000);
      afterAll(async () => {
        await stop();
        await deployment.stop();
      });

      const call = (
        token: string,
        { path = PATH, body = BODY, key = caller.device } = {},
      ): Promise<Response> =>
        fetch(`${url}${path}`, {
          method: 'POST',
          headers: {
            authorization: `DPoP ${token}`,
            dpop: caller.apiProof(token, {}, key),
            'content-type': 'application/json',
          },
          body,
        });

      it('serves a request once, to the user whom the token names', async () => {
        const token = await caller.token();
        const answer = await call(token);
        expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('ada')]);
        const again = await call(token);
        expect(again.status).toBe(401);
        expect(again.headers.get('www-authenticate')).toMatch(/^DPoP/);
      });

      it.each([
        { name: 'another path', change: { path: '/v1/orders/43/refund' } },
        { name: 'another query', change: { path: `${PATH}?all` } },
        { name: 'another body', change: { body: '{"amount":6}' } },
        { name: 'no body', change: { body: '' } },
      ])('serves no request with $name, and the right one after it', async ({ change }) => {
        const token = await caller.token();
        expect((await call(token, change)).status).toBe(401);
        expect((await call(token)).status).toBe(200);
      });

      it('serves nothing without a token, and no body without end', async () => {
        expect((await fetch(`${url}${PATH}`, { method: 'POST', body: BODY })).status).toBe(401);
        const token = await caller.token();
        expect((await call(token, { body: ' '.repeat(2 ** 20 + 1) })).status).toBe(413);
        expect((await call(token)).status).toBe(200);
      });

      it('answers 503 and lets nothing through while the broker does not answer', async () => {
        const token = await caller.token();
        await deployment.brokers[0]?.stop();
        const answer = await call(token);
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      });
    });

    describe('seen by oncekey probe', () => {
      const key = makeSigningKey();
      const id = `probed-${example.folder}`;
      let port: number;

      beforeAll(async () => {
        port = await freePort();
        const resource = `http://127.0.0.1:${port}/v1`;
        await registerServer(quickstart(), { id, client_id: id, resource, jwks: { keys: [key.publicJwk] } });
      });

      async function probed(): Promise<ProbeReport> {
        const origin = `http://127.0.0.1:${port}`;
        const issuer = `http://127.0.0.1:${quickstart().ports[0]}`;
        const stop = await runApi(example, { copy, port, issuer, clientId: id, origin, key });
        try {
          return (await runProbe(quickstart(), `${origin}/v1`)).report;
        } finally {
          await stop();
        }
      }

      it('passes every row', async () => {
        const report = await probed();
        expect(report.rows.filter(({ state }) => state !== 'passed')).toEqual([]);
      });

      const { keepsAnswers } = example;
      if (keepsAnswers !== undefined) {
        it('fails cached-answer alone when its introspection is cached, as is usual', async () => {
          const file = join(copy, keepsAnswers.file);
          writeFileSync(file, changed(readFileSync(file, 'utf8'), keepsAnswers.changes));
          const failed = failedRows(await probed());
          expect(failed.map(({ id }) => id)).toEqual(['cached-answer']);
          expect(failed[0]?.fixes[0]).toContain('keep no answer of the broker');
        });
      }
    });
  });
}
