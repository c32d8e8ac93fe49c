import { writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../libs/embedded-postgres/src/index.ts';
import { Caller } from '../support/deployment/caller.ts';
import { deploy } from '../support/deployment/deployment.ts';
import { migrate } from '../support/deployment/migrate.ts';
import { makeSigningKey } from '../support/deployment/signing-key.ts';
import { drive, type Driven } from './drive.ts';
import { measureIsolation } from './isolation.ts';
import { driveOpenLoop } from './overload-drive.ts';
import { isTurnedAway, quantileOf, renderOverload, type OverloadFigures } from './overload-report.ts';
import { prepareExchanges } from './prepare.ts';
import { Sender, type PreparedRequest } from './send.ts';
import { TOKEN } from './world.ts';

/**
 * What a broker does when five times as much comes as it can do, and when one client sends a hundred times its quota.
 * Limits are those of the configuration; only the quotas of those who make the load are out of the way.
 */
const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '512' },
    json: { type: 'string' },
  },
});
const seconds = values.smoke ? 1 : Number(values.seconds);
const connections = Number(values.connections);
const warmUp = values.smoke ? 100 : 4_000;
const NOISY_QUOTA = 20;
const AT_ONCE = 32;

/** As an operator has them who sets nothing. */
const LIMITS = { ONCEKEY_MAX_IN_FLIGHT: '256', ONCEKEY_MAX_WAITING: '1024', ONCEKEY_MAX_WAIT_MS: '50' };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const postgres = await startEmbeddedPostgres({ env: process.env, durable: true });
  const noisyKey = makeSigningKey();
  await migrate(postgres.url);
  const deployment = await deploy({
    databaseUrl: postgres.url,
    env: LIMITS,
    clients: () => [
      {
        client_id: 'noisy',
        jwks: { keys: [noisyKey.publicJwk] },
        identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
        resource_servers: ['orders'],
        quota: { requests_per_second: NOISY_QUOTA },
      },
    ],
  });
  const caller = new Caller(deployment);
  const { url } = caller;
  /** With a fresh nonce, which none of them may outlive. */
  const exchanges = async (count: number): Promise<readonly PreparedRequest[]> => {
    await caller.learnNonce({ again: true });
    return prepareExchanges(caller, count);
  };
  const noise = (count: number): readonly PreparedRequest[] =>
    Array.from({ length: count }, () =>
      prepareExchanges(caller, 1, {
        client_assertion: caller.assertion({ iss: 'noisy', sub: 'noisy' }, {}, noisyKey),
      }),
    ).flat();
  const sender = new Sender(url, AT_ONCE);
  const atCapacity = async (): Promise<Driven> =>
    drive(sender.shots(await exchanges(warmUp), TOKEN), AT_ONCE);
  try {
    await atCapacity();
    const driven = await atCapacity();
    const peakPerSecond = driven.bodies.length / driven.seconds;

    const offeredPerSecond = Math.round(5 * peakPerSecond);
    const tooMany = await exchanges(offeredPerSecond * seconds);
    // Those who come afterwards are ready before, so that nothing stands between the two.
    const afterwards = await exchanges(Math.round((peakPerSecond / 2) * seconds));
    const flood = await driveOpenLoop(url, tooMany, { perSecond: offeredPerSecond, connections });
    const after = await driveOpenLoop(url, afterwards, { perSecond: peakPerSecond / 2, connections });

    const good = flood.filter(({ status }) => status === 200);
    const away = flood.filter(isTurnedAway);
    const lastedMs = Math.max(...flood.map(({ atMs }) => atMs));
    const goodPerSecond = (good.length * 1000) / lastedMs;
    const isolation = await measureIsolation({
      url,
      seconds,
      perSecond: Math.round(peakPerSecond / 4),
      noisePerSecond: 100 * NOISY_QUOTA,
      connections,
      prepareOthers: exchanges,
      prepareNoise: noise,
    });
    const figures: OverloadFigures = {
      peakPerSecond,
      offeredPerSecond,
      goodPerSecond,
      goodputRatio: goodPerSecond / peakPerSecond,
      turnedAway: away.length,
      withoutRetryAfter: away.filter(({ retryAfter }) => retryAfter === null).length,
      otherwise: flood.length - good.length - away.length,
      turnedAwayP99Ms: quantileOf(
        away.map(({ latencyMs }) => latencyMs),
        0.99,
      ),
      recoveryMs: Math.max(0, ...after.filter(({ status }) => status !== 200).map(({ atMs }) => atMs)),
      ...isolation,
    };
    say(
      `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${platform()}/${arch()}, Node ${process.version}; Postgres and the load generator on the same machine`,
    );
    say(
      `peak ${peakPerSecond.toFixed(0)} exchanges/s, offered ${offeredPerSecond}/s for ${seconds} s, noise ${100 * NOISY_QUOTA}/s, of which ${(isolation.noiseTurnedAwayRatio * 100).toFixed(1)} % were turned away\n`,
    );
    say(renderOverload(figures));
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(figures, null, 2));
  } finally {
    await sender.close();
    await deployment.stop();
    await postgres.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
