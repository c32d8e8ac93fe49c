import { writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';
import { Caller, DIGEST, REFUND } from '../support/deployment/caller.ts';
import { deploy } from '../support/deployment/deployment.ts';
import { freePort } from '../support/deployment/free-port.ts';
import { NodeProcess } from '../support/deployment/node-process.ts';
import { cpuTimeUs, residentMb } from './cpu-time.ts';
import { drive, type PreparedRequest } from './drive.ts';
import { forSelfApi, prepareExchanges, prepareIntrospections } from './prepare.ts';
import { renderTable, verdictsOn, type Measured } from './report.ts';
import { sideOf, type Stretch } from './side.ts';

const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    requests: { type: 'string', default: '16000' },
    connections: { type: 'string', default: '32' },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
});
const requests = values.smoke ? 320 : Number(values.requests);
const connections = Number(values.connections);
const warmUp = values.smoke ? 50 : 10_000;
const PORTION = 1000;

/** Broker and floor take turns, so that what else the machine does meanwhile falls on both. */
const TURNS = 8;

/** With `--profile <folder>` the broker leaves a CPU profile there when it ends. */
const nodeFlags = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const postgres = await startEmbeddedPostgres({ env: process.env, durable: true });
  const deployment = await deploy({ databaseUrl: postgres.url, nodeFlags });
  const caller = new Caller(deployment);
  const { client, server, selfServer } = deployment.keys;
  const floorPort = await freePort();
  const floorKeys = {
    client: client.publicJwk,
    issuer: deployment.issuerServer.key.publicJwk,
    device: caller.device.publicJwk,
    server: server.publicJwk,
    selfServer: selfServer.publicJwk,
  };
  const floor = NodeProcess.start(
    ['test/load/floor-server.js', JSON.stringify(floorKeys), String(floorPort)],
    {},
  );
  const broker = deployment.brokers[0];
  if (broker === undefined) throw new Error('there is no broker');
  try {
    await sleep(300);
    await caller.learnNonce();

    const stretch = async (
      which: 'broker' | 'floor',
      load: readonly PreparedRequest[],
      expected: string,
    ): Promise<Stretch & { bodies: readonly string[] }> => {
      const pid = which === 'broker' ? broker.node.pid : floor.pid;
      const url = which === 'broker' ? broker.url : `http://127.0.0.1:${floorPort}`;
      const before = { own: cpuTimeUs(pid), database: cpuTimeUs(postgres.pid, true) };
      const driven = await drive(url, load, { connections, isExpected: (body) => body.includes(expected) });
      for (const [what, count] of driven.unexpected)
        throw new Error(`${count} unexpected answers of the ${which}: ${what}`);
      return {
        ...driven,
        cpuUs: cpuTimeUs(pid) - before.own,
        databaseCpuUs: which === 'floor' ? null : cpuTimeUs(postgres.pid, true) - before.database,
      };
    };
    const exchanges = async (count: number, changes = {}): Promise<readonly PreparedRequest[]> => {
      await caller.learnNonce({ again: true });
      return prepareExchanges(caller, count, changes);
    };

    /** In portions, so that no nonce and no assertion is too old when its turn comes. */
    const tokens = async (count: number, changes = {}): Promise<string[]> => {
      const stock: string[] = [];
      while (stock.length < count) {
        const portion = await exchanges(Math.min(PORTION, count - stock.length), changes);
        const { bodies } = await stretch('broker', portion, '"access_token"');
        for (const body of bodies)
          stock.push(String((JSON.parse(body) as Record<string, unknown>)['access_token']));
      }
      return stock;
    };

    const rows: Measured[] = [];
    const measure = async (
      row: { load: string; target: number },
      prepare: (count: number) => Promise<readonly PreparedRequest[]>,
      expected: string,
    ): Promise<void> => {
      await stretch('floor', await prepare(warmUp), expected);
      await stretch('broker', await prepare(warmUp), expected);
      const stretches = { floor: [] as Stretch[], broker: [] as Stretch[] };
      for (let turn = 0; turn < TURNS; turn++) {
        const load = await prepare(Math.floor(requests / TURNS));
        stretches.floor.push(await stretch('floor', load, expected));
        stretches.broker.push(await stretch('broker', load, expected));
      }
      const [floored, measured] = [sideOf(stretches.floor), sideOf(stretches.broker)];
      rows.push({ ...row, requests, broker: measured, floor: floored });
    };

    await measure({ load: 'exchange', target: 0.5 }, (count) => exchanges(count), '"access_token"');

    const bound = await tokens(requests + 2 * warmUp);
    await measure(
      { load: 'introspect, proof forwarded', target: 0.6 },
      async (count) =>
        prepareIntrospections(bound.splice(0, count), (token) => ({
          client_assertion: caller.serverAssertion(),
          http_method: 'POST',
          http_target_uri: REFUND,
          content_digest: `sha-256=:${DIGEST}:`,
          dpop_proof: caller.apiProof(token),
        })),
      '"active":true',
    );

    const self = await tokens(requests + 2 * warmUp, forSelfApi(caller));
    await measure(
      { load: 'introspect, no proof', target: 0.5 },
      async (count) =>
        prepareIntrospections(self.splice(0, count), () => ({
          client_assertion: caller.serverAssertion('self-api', selfServer),
        })),
      '"active":true',
    );

    say(
      `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${platform()}/${arch()}, Node ${process.version}, ${requests} requests each, ${connections} connections`,
    );
    say(
      'Postgres on the same machine with fsync on; the load generator too. "of floor": CPU of the floor / CPU of the broker.\n',
    );
    say(renderTable(rows));
    say(`\n${verdictsOn(rows).join('\n')}`);
    say(`\nbroker memory: ${residentMb(broker.node.pid)} MB`);
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(rows, null, 2));
  } finally {
    await floor.stop();
    await deployment.stop();
    await postgres.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
