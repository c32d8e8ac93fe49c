import { FailingSources, isCallerUnproved, type MeteredCallers, type Quota, type RefusalReason } from '#core';
import { Admission, Door, TurnedAwayLog, type AdmissionLimits, type ProcessMetrics } from '#http';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Edge } from './edge.ts';
import { AUDITED, ROUTES } from './served-paths.ts';
import { WORDINGS } from './wordings.ts';

export interface GateSettings extends AdmissionLimits {
  readonly sourceQuota: Quota;
  readonly workers: number;
  readonly maxBuckets: number;
}

export interface GateParts {
  readonly edge: Pick<Edge, 'paths' | 'proxies'>;
  readonly metrics: ProcessMetrics;
  readonly log: Logger;
  readonly quotas: Pick<MeteredCallers, 'waitMs' | 'isEmpty'>;
}

/** Routes whose callers all have quotas. */
const METERED: ReadonlySet<string> = new Set([ROUTES.token, ROUTES.introspect, ROUTES.forwardAuth]);

/** Who is let in: one process has one, whatever its ports are. */
export class Gate {
  /** Routes that work is done for: those whose refusals are on record. */
  readonly routes: ReadonlySet<string> = new Set(Object.keys(AUDITED));
  readonly admission: Admission;
  readonly door: Door;

  constructor(settings: GateSettings, { edge, metrics, log, quotas }: GateParts) {
    const turnedAway = new TurnedAwayLog(log);
    this.admission = new Admission(settings);
    metrics.watchLoad(() => this.admission.load);
    this.door = new Door({
      ...edge,
      routes: this.routes,
      wordings: WORDINGS,
      admission: this.admission,
      held: { routes: METERED, sources: quotas },
      sources: new FailingSources({
        quota: settings.sourceQuota,
        processes: settings.workers,
        most: settings.maxBuckets,
        elapsedMs: () => performance.now(),
      }),
      onTurnedAway: (why) => {
        metrics.countTurnedAway(why);
        turnedAway.count(why);
      },
    });
  }

  /** Hears of each refusal. A gateway passes on what strangers send: only whoever is no gateway has failed there. */
  refused({ raw, url }: FastifyRequest, reason: RefusalReason): void {
    const hasFailed = url === ROUTES.forwardAuth ? reason === 'gateway.unknown' : isCallerUnproved(reason);
    if (hasFailed) this.door.failed(raw);
  }
}
