import { freePort } from '../../support/deployment/free-port.ts';
import { seedFiles } from '../../support/deployment/seed-files.ts';
import { makeSigningKey, type SigningKey } from '../../support/deployment/signing-key.ts';
import { eventually } from '../../support/eventually.ts';
import type { Bench } from '../bench.ts';
import { costOf, type Processes } from '../cost-of.ts';
import { drive } from '../drive.ts';
import { Latency } from '../latency.ts';
import { measureIsolation } from '../overload/isolation.ts';
import { Callers, isServed, isTurnedAway, recordIn } from '../overload/offer.ts';
import { prepareExchange } from '../prepare.ts';
import type { Flood, Overload } from '../report/overload-shape.ts';
import type { Side } from '../report/figures.ts';
import type { PreparedRequest } from '../send.ts';
import { sideOf } from '../side.ts';
import { signedIn } from '../signed-in.ts';
import { TOKEN, withWorld, type World } from '../world.ts';

/** Quota of the client that sends a hundred times as much, in proportion to the peak: what it sends is the peak. */
const NOISY_QUOTA = 0.01;

/** What is offered, in proportion to the peak. */
const TIMES = 5;

/** More than a broker works on and keeps waiting, so that no request waits for one; less than it accepts. */
const CONNECTIONS = 2_000;

/** As an operator has them who sets nothing; only the quotas of those who make the load are out of the way. */
const LIMITS = { ONCEKEY_MAX_IN_FLIGHT: '128', ONCEKEY_MAX_WAITING: '1024', ONCEKEY_MAX_WAIT_MS: '50' };

/** Nonces are good for a minute: what cannot be signed in this time is not sent. */
const PREPARE_WITHIN_MS = 25_000;

/** A new registration reaches a broker on a machine that has much else to do. */
const KNOWN_WITHIN_MS = 60_000;

/** What a broker does when five times as much comes as it can do, and when one client sends a hundred times its quota. */
export async function measureOverload(bench: Bench): Promise<Overload> {
  const { seconds, turns, seed } = bench.options;
  return withWorld(bench, { env: LIMITS }, async (world) => {
    const { caller, deployment } = world;
    const idToken = signedIn(deployment);
    const fresh = prepareInTime(world);
    const flood = await measureFlood(world);
    bench.say(
      `peak ${flood.peakPerSecond.toFixed(0)}/s, offered ${flood.offeredPerSecond.toFixed(0)}/s: ${flood.goodPerSecond.toFixed(0)}/s served`,
    );
    const quotaPerSecond = Math.max(1, Math.round(NOISY_QUOTA * flood.peakPerSecond));
    const noisyKey = await registerNoisy(world, quotaPerSecond);
    const sinkPort = await freePort();
    await world.start(['test/load/overload/sink-server.js', String(sinkPort)]);
    const isolation = await measureIsolation({
      url: caller.url,
      elsewhere: `http://127.0.0.1:${sinkPort}`,
      processes: processesOf(world),
      seconds,
      turns,
      perSecond: Math.max(1, Math.round(flood.peakPerSecond / 4)),
      quotaPerSecond,
      prepareOthers: fresh,
      prepareNoise: (count) =>
        fresh(count, () =>
          prepareExchange(caller, {
            client_assertion: caller.assertion({ iss: 'noisy', sub: 'noisy' }, {}, noisyKey),
            subject_token: idToken(),
          }),
        ),
    });
    return { at: new Date().toISOString(), seed, flood, isolation };
  });
}

/** Resolves with its key when the broker knows it. */
async function registerNoisy({ caller, deployment }: World, requestsPerSecond: number): Promise<SigningKey> {
  const key = makeSigningKey();
  const registration = {
    client_id: 'noisy',
    jwks: { keys: [key.publicJwk] },
    identity_providers: [{ id: 'corp', audiences: ['desk-app'] }],
    resource_servers: ['orders'],
    quota: { requests_per_second: requestsPerSecond },
  };
  await seedFiles({ 'clients.yaml': JSON.stringify([registration]) }, deployment.env);
  const isKnown = async (): Promise<boolean> => {
    const client_assertion = caller.assertion({ iss: 'noisy', sub: 'noisy' }, {}, key);
    return (await caller.exchange({ client_assertion })).body['error'] !== 'invalid_client';
  };
  await eventually(isKnown, KNOWN_WITHIN_MS);
  return key;
}

async function measureFlood(world: World): Promise<Flood> {
  const { caller, broker, bench } = world;
  const { seconds, warmUp, connections } = bench.options;
  const fresh = prepareInTime(world);
  const processes = processesOf(world);
  const atCapacity = async (): Promise<Side> => {
    const shots = broker.shots(await fresh(warmUp), TOKEN);
    const { outcome, ...cost } = await costOf(processes, () => drive(shots, connections));
    return sideOf([{ ...cost, ...outcome }]);
  };
  await atCapacity();
  const before = await atCapacity();
  const offeredPerSecond = TIMES * before.requestsPerSecond;
  // Those who come afterwards are ready before, so that nothing stands between the two.
  const halfPerSecond = before.requestsPerSecond / 2;
  const afterwards = await fresh(Math.ceil(halfPerSecond * seconds));
  const tooMany = await fresh(Math.ceil(offeredPerSecond * seconds));
  const callers = await Callers.open(caller.url, Math.min(CONNECTIONS, tooMany.length));
  const { outcome: flood, ...cost } = await costOf(processes, () =>
    callers.offer({ requests: tooMany, perSecond: offeredPerSecond }),
  );
  const after = await callers.offer({ requests: afterwards, perSecond: halfPerSecond });
  await callers.close();
  // Whatever else the machine does: the better of two is nearer to what it can do.
  const again = await atCapacity();
  const peak = again.requestsPerSecond > before.requestsPerSecond ? again : before;
  const peakPerSecond = peak.requestsPerSecond;
  const [good, away] = [flood.filter(isServed), flood.filter(isTurnedAway)];
  const lastedMs = Math.max(...flood.map(({ atMs }) => atMs));
  const goodPerSecond = (good.length * 1000) / lastedMs;
  return {
    peakPerSecond,
    offeredPerSecond,
    lastedSeconds: lastedMs / 1000,
    goodPerSecond,
    goodput: goodPerSecond / peakPerSecond,
    servedCpuUs: peak.cpuUs,
    turnedAwayCpuUs: away.length === 0 ? 0 : Math.max(0, cost.cpuUs - good.length * peak.cpuUs) / away.length,
    brokerCores: cost.cpuUs / lastedMs / 1000,
    databaseCores: cost.databaseCpuUs / lastedMs / 1000,
    callersCores: cost.callersCpuUs / lastedMs / 1000,
    served: recordIn(new Latency(), good).percentiles(),
    turnedAwayCount: away.length,
    turnedAway: recordIn(new Latency(), away).percentiles(),
    withoutRetryAfter: away.filter(({ hasRetryAfter }) => !hasRetryAfter).length,
    otherwise: flood.length - good.length - away.length,
    recoveryMs: Math.max(0, ...after.filter((answer) => !isServed(answer)).map(({ atMs }) => atMs)),
  };
}

function processesOf({ deployment, bench }: World): Processes {
  const serving = deployment.brokers.map(({ node }) => node.pid);
  return { serving, database: bench.postgres.pid, calling: [] };
}

type Make = () => PreparedRequest;

/** Exchanges with a fresh nonce, so many as can be signed before it is too old. */
function prepareInTime({
  caller,
}: World): (count: number, make?: Make) => Promise<readonly PreparedRequest[]> {
  const idToken = signedIn(caller.deployment);
  const one: Make = () => prepareExchange(caller, { subject_token: idToken() });
  return async (count, make = one) => {
    await caller.learnNonce({ again: true });
    const giveUpAt = performance.now() + PREPARE_WITHIN_MS;
    const prepared: PreparedRequest[] = [];
    while (prepared.length < count && performance.now() < giveUpAt) prepared.push(make());
    return prepared;
  };
}
