import { arrivalsMs } from '../arrivals.ts';
import type { Bench } from '../bench.ts';
import { costOf, type Processes } from '../cost-of.ts';
import { drive } from '../drive.ts';
import { driveOpenLoop } from '../open-loop.ts';
import type { PeerResult } from '../report/performance.ts';
import type { Shot } from '../send.ts';
import { sideOf } from '../side.ts';

/** One thing that a server does, told apart from others that do something like it. */
export interface PeerAct extends Pick<PeerResult, 'name' | 'act' | 'callerProves' | 'writes'> {
  /** Null where the server is somebody else's. */
  readonly processes: Processes | null;
  prepare(count: number): Promise<readonly Shot[]>;
}

/** Half of the requests of a load: peers are for orientation. */
export async function measurePeer({ options, say }: Bench, peer: PeerAct): Promise<PeerResult> {
  const { connections, share, seconds, seed } = options;
  const { name, act, callerProves, writes, processes } = peer;
  await drive(await peer.prepare(Math.ceil(options.warmUp / 2)), connections);
  const shots = await peer.prepare(Math.ceil(options.requests / 2));
  const measured = processes ?? { serving: [], database: null, calling: [] };
  const { outcome, ...cost } = await costOf(measured, () => drive(shots, connections));
  const side = sideOf([{ ...cost, ...outcome }]);
  const perSecond = share * side.requestsPerSecond;
  const count = Math.max(1, Math.round((perSecond * seconds) / 2));
  const arrivals = arrivalsMs(count, perSecond, seed);
  const { latency, lag } = await driveOpenLoop(await peer.prepare(count), arrivals);
  say(`${name}, ${act}: ${side.requestsPerSecond.toFixed(0)}/s`);
  return {
    name,
    act,
    callerProves,
    writes,
    requests: shots.length,
    requestsPerSecond: side.requestsPerSecond,
    cpuUs: processes === null ? null : side.cpuUs,
    databaseCpuUs: processes === null ? null : side.databaseCpuUs,
    arrivals: { perSecond, requests: count, latency: latency.percentiles(), lag: lag.percentiles() },
  };
}
