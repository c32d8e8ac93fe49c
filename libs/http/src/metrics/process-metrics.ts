import cluster from 'node:cluster';
import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Readiness } from '../health/readiness.ts';

/** From a spent token on the same machine to a database that is far away and busy. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/**
 * What a process counts about itself. Labels are taken from what we wrote (routes, classes of status, types and
 * reasons of audit events), never from what somebody sent: their number is bounded.
 */
export class ProcessMetrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram<'route' | 'status'>;
  private readonly events: Counter<'type' | 'outcome' | 'reason'>;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({
      name: 'oncekey_http_request_duration_seconds',
      help: 'From the head of a request to the last byte of its answer, by route and class of status.',
      labelNames: ['route', 'status'],
      buckets: SECONDS,
      registers,
    });
    this.events = new Counter({
      name: 'oncekey_audit_events_total',
      help: 'Events that the audit log took, by type, outcome and reason.',
      labelNames: ['type', 'outcome', 'reason'],
      registers,
    });
    // A worker answers its primary with these; it listens from the construction of an aggregator on.
    AggregatorRegistry.setRegistries(this.registry);
    if (cluster.isWorker) new AggregatorRegistry();
  }

  observeRequest(route: string, status: number, durationMs: number): void {
    this.requests.observe({ route, status: `${Math.floor(status / 100)}xx` }, durationMs / 1000);
  }

  countEvent(type: string, outcome: string, reason: string | null): void {
    this.events.inc({ type, outcome, reason: reason ?? '' });
  }

  /** Asks for the readiness whenever somebody asks for metrics. */
  watchReadiness(readiness: () => Readiness): void {
    new Gauge({
      name: 'oncekey_ready',
      help: '1 when the process can decide; of several workers, 1 when all of them can.',
      registers: [this.registry],
      aggregator: 'min',
      collect() {
        this.set(readiness().ready ? 1 : 0);
      },
    });
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
