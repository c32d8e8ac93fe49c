import { freePort } from '../support/deployment/free-port.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { isInstalled } from '../support/installed.ts';
import { failedRows, registerServer, runProbe, type ProbeReport } from '../support/probe-run.ts';
import { useQuickstart } from '../support/use-quickstart.ts';
import { GATEWAY_COMMANDS } from './gateway-commands.ts';
import type { Changes } from './changed-file.ts';
import { runGateway } from './gateway-process.ts';
import { PROBED_GATEWAYS } from './probed-gateways.ts';

jest.setTimeout(300_000);

const quickstart = useQuickstart();

PROBED_GATEWAYS.forEach((gateway, at) => {
  const { name, program, module, flags, forwardAuth, file, script, env, api, wrong } = gateway;
  (isInstalled(program, module) ? describe : describe.skip)(`oncekey probe of ${name}`, () => {
    const id = `behind-${at}`;
    let port: number;

    beforeAll(async () => {
      port = await freePort();
      await registerServer(quickstart(), {
        id,
        client_id: id,
        resource: `http://127.0.0.1:${port}/v1`,
        jwks: { keys: [makeSigningKey().publicJwk] },
        forward_auth: forwardAuth,
      });
    });

    async function probed(more: { changes: Changes; script?: Changes }): Promise<ProbeReport> {
      const broker = `127.0.0.1:${quickstart().ports[0]}`;
      const running = await runGateway({
        file,
        port,
        changes: (place) => [...gateway.changes({ ...place, broker, id }), ...more.changes],
        beside: script === undefined ? [] : [{ file: script, changes: more.script ?? [] }],
        command: GATEWAY_COMMANDS[program],
        ...(env === undefined ? {} : { env: env(broker, id) }),
        ...(api === undefined ? {} : { api }),
      });
      try {
        return (await runProbe(quickstart(), `http://127.0.0.1:${port}/v1`, ...flags)).report;
      } finally {
        await running.stop();
      }
    }

    it('passes every row with the file of the examples', async () => {
      const report = await probed({ changes: [] });
      expect(report.rows.filter(({ state }) => state !== 'passed')).toEqual([]);
      expect(report).toMatchObject({ passed: true, gateway: flags[1] ?? program });
    });

    it.each(wrong)('fails $row alone when it $name, and says what to do', async (mistake) => {
      const failed = failedRows(await probed(mistake));
      expect(failed.map(({ id: row }) => row)).toEqual([mistake.row]);
      expect(failed[0]?.says).toContain(mistake.says);
      expect(failed[0]?.fixes[0]).toContain(mistake.fix);
    });
  });
});
