import { costOf, type Processes } from '../cost-of.ts';
import { Latency } from '../latency.ts';
import type { Isolation } from '../report/overload-shape.ts';
import type { PreparedRequest } from '../send.ts';
import { Callers, isServed, isTurnedAway, recordIn, type Answered } from './offer.ts';

export interface IsolationParts {
  readonly url: string;
  /** A server that turns everything away, on the same machine. */
  readonly elsewhere: string;
  readonly processes: Processes;
  readonly seconds: number;
  readonly turns: number;
  /** Of the others: well below what the broker can do. */
  readonly perSecond: number;
  /** Of the client that sends too much. */
  readonly quotaPerSecond: number;
  readonly prepareOthers: (count: number) => Promise<readonly PreparedRequest[]>;
  readonly prepareNoise: (count: number) => Promise<readonly PreparedRequest[]>;
}

/** So many times its quota. */
const NOISE = 100;

/** Loopback addresses are all ours on Linux; elsewhere the noise has to come from where everybody comes from. */
const NOISE_FROM = process.platform === 'linux' ? '127.0.0.2' : undefined;

/** Of the others, and of the noise. */
const CONNECTIONS = 500;

/**
 * How much longer the others wait for their answers while one client sends a hundred times its quota. Who sends so much
 * takes processors from everybody on this machine, whatever becomes of it: so it is compared with the same noise sent
 * to another server. Silence, noise elsewhere and noise take turns, so that what else the machine does meanwhile falls
 * on all of them.
 */
export async function measureIsolation(parts: IsolationParts): Promise<Isolation> {
  const { url, processes, seconds, turns, perSecond, quotaPerSecond } = parts;
  const noisePerSecond = NOISE * quotaPerSecond;
  const [quiet, elsewhere, noisy] = [new Latency(), new Latency(), new Latency()];
  const notServed = { quiet: 0, elsewhere: 0, noisy: 0 };
  const noise: Answered[] = [];
  let noiseCpuUs = 0;
  const countOf = (rate: number): number => Math.max(1, Math.round(rate * seconds));
  const calling = await Callers.open(url, CONNECTIONS);
  const shouting = await Callers.open(url, CONNECTIONS, NOISE_FROM);
  const shoutingElsewhere = await Callers.open(parts.elsewhere, CONNECTIONS);
  for (let turn = 0; turn < turns; turn++) {
    const requests = await parts.prepareOthers(countOf(perSecond));
    const { outcome: alone, ...quietCost } = await costOf(processes, () =>
      calling.offer({ requests, perSecond }),
    );
    const half = countOf(perSecond);
    const prepared = {
      noise: await parts.prepareNoise(countOf(noisePerSecond)),
      others: await parts.prepareOthers(2 * half),
    };
    const beside = (noise: Callers, requests: readonly PreparedRequest[]) =>
      Promise.all([
        noise.offer({ requests: prepared.noise, perSecond: noisePerSecond }),
        calling.offer({ requests, perSecond }),
      ]);
    const [, besideElsewhere] = await beside(shoutingElsewhere, prepared.others.slice(0, half));
    const { outcome, ...noisyCost } = await costOf(processes, () =>
      beside(shouting, prepared.others.slice(half)),
    );
    const [besides, others] = outcome;
    noiseCpuUs += noisyCost.cpuUs - quietCost.cpuUs;
    recordIn(quiet, alone);
    recordIn(elsewhere, besideElsewhere);
    recordIn(noisy, others);
    notServed.quiet += alone.filter((answer) => !isServed(answer)).length;
    notServed.elsewhere += besideElsewhere.filter((answer) => !isServed(answer)).length;
    notServed.noisy += others.filter((answer) => !isServed(answer)).length;
    noise.push(...besides);
  }
  await Promise.all([calling.close(), shouting.close(), shoutingElsewhere.close()]);
  const [elsewhereLatency, noisyLatency] = [elsewhere.percentiles(), noisy.percentiles()];
  return {
    othersPerSecond: perSecond,
    noisePerSecond,
    samples: quiet.count,
    quiet: quiet.percentiles(),
    elsewhere: elsewhereLatency,
    noisy: noisyLatency,
    p99RaisedBy: noisyLatency.p99Ms / elsewhereLatency.p99Ms - 1,
    quietNotServed: notServed.quiet,
    elsewhereNotServed: notServed.elsewhere,
    noisyNotServed: notServed.noisy,
    noiseCpuUs: Math.max(0, noiseCpuUs) / noise.length,
    noiseTurnedAway: noise.filter(isTurnedAway).length / noise.length,
  };
}
