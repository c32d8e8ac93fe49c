import type { PreparedRequest } from './send.ts';
import { driveOpenLoop, type Answered } from './overload-drive.ts';
import { isTurnedAway, quantileOf, type IsolationFigures } from './overload-report.ts';

export interface IsolationParts {
  readonly url: string;
  readonly seconds: number;
  /** Of the others: well below what the broker can do. */
  readonly perSecond: number;
  /** Of the client that sends a hundred times what it may. */
  readonly noisePerSecond: number;
  readonly connections: number;
  readonly prepareOthers: (count: number) => Promise<readonly PreparedRequest[]>;
  readonly prepareNoise: (count: number) => readonly PreparedRequest[];
}

/** Quiet and noise take turns, so that what else the machine does meanwhile falls on both. */
const TURNS = 3;

/** Loopback addresses are all ours on Linux; elsewhere the noise has to come from where everybody comes from. */
const NOISE_FROM = process.platform === 'linux' ? { localAddress: '127.0.0.2' } : {};

/** How much longer the others wait for their answers while one client sends a hundred times its quota. */
export async function measureIsolation(parts: IsolationParts): Promise<IsolationFigures> {
  const { url, seconds, perSecond, noisePerSecond, connections } = parts;
  const heard = { quiet: [] as Answered[], noisy: [] as Answered[], noise: [] as Answered[] };
  for (let turn = 0; turn < TURNS; turn++) {
    const quiet = await parts.prepareOthers(perSecond * seconds);
    heard.quiet.push(...(await driveOpenLoop(url, quiet, { perSecond, connections })));
    const noise = parts.prepareNoise(noisePerSecond * seconds);
    const others = await parts.prepareOthers(perSecond * seconds);
    const [besides, noisy] = await Promise.all([
      driveOpenLoop(url, noise, { perSecond: noisePerSecond, connections, ...NOISE_FROM }),
      driveOpenLoop(url, others, { perSecond, connections }),
    ]);
    heard.noise.push(...besides);
    heard.noisy.push(...noisy);
  }
  const p99 = (answers: readonly Answered[]): number =>
    quantileOf(
      answers.map(({ latencyMs }) => latencyMs),
      0.99,
    );
  const [quietP99Ms, noisyP99Ms] = [p99(heard.quiet), p99(heard.noisy)];
  return {
    quietP99Ms,
    noisyP99Ms,
    raisedBy: noisyP99Ms / quietP99Ms - 1,
    othersNotServed: [heard.quiet, heard.noisy].map((answers) => answers.filter(isNotServed).length),
    noiseTurnedAwayRatio: heard.noise.filter(isTurnedAway).length / heard.noise.length,
  };
}

function isNotServed({ status }: Answered): boolean {
  return status !== 200;
}
