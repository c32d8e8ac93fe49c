import cluster from 'node:cluster';
import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Readiness } from '../health/readiness.ts';

/** From a spent token on the same machine to a database that is far away and busy. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/**
 * What a process counts about itself. Labels are taken from what we wrote (routes, classes of status, types and
 * reasons of audit events) or an admin registered, never from what somebody sent: their number is bounded.
 */
export class ProcessMetrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram<'route' | 'status'>;
  private readonly events: Counter<'type' | 'outcome' | 'reason'>;
  private readonly turnedAway: Counter<'why'>;
  private readonly polls: Counter<'transmitter' | 'outcome'>;
  private readonly ofRequests = new Map<string, Histogram.Internal<'route' | 'status'>>();
  private readonly ofEvents = new Map<string, Counter.Internal>();

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
    this.turnedAway = new Counter({
      name: 'oncekey_turned_away_total',
      help: 'Requests that nothing was done for: the broker had too much to do, or they were one too many.',
      labelNames: ['why'],
      registers,
    });
    this.polls = new Counter({
      name: 'oncekey_event_polls_total',
      help: 'Polls of transmitters for security events, by registration and outcome.',
      labelNames: ['transmitter', 'outcome'],
      registers,
    });
    // A worker answers its primary with these; it listens from the construction of an aggregator on.
    AggregatorRegistry.setRegistries(this.registry);
    if (cluster.isWorker) new AggregatorRegistry();
  }

  observeRequest(route: string, status: number, durationMs: number): void {
    const labels = [route, `${Math.floor(status / 100)}xx`];
    once(this.ofRequests, labels, () => this.requests.labels(...labels)).observe(durationMs / 1000);
  }

  countEvent(type: string, outcome: string, reason: string | null): void {
    const labels = [type, outcome, reason ?? ''];
    once(this.ofEvents, labels, () => this.events.labels(...labels)).inc();
  }

  /** `client` and `resource_server`: over its quota. `source`: an address from which too much had failed. */
  countTurnedAway(why: 'overload' | 'source' | 'client' | 'resource_server'): void {
    this.turnedAway.inc({ why });
  }

  /** Asks for the load whenever somebody asks for metrics. */
  watchLoad(load: () => { readonly inFlight: number; readonly waiting: number }): void {
    new Gauge({
      name: 'oncekey_requests',
      help: 'Requests that are worked on, and that wait for their turn.',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        const { inFlight, waiting } = load();
        this.set({ state: 'in_flight' }, inFlight);
        this.set({ state: 'waiting' }, waiting);
      },
    });
  }

  countPoll(transmitter: string, outcome: string): void {
    this.polls.labels(transmitter, outcome).inc();
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

/** Finding the series of some labels costs more than counting in it. There are as many as there are labels: few. */
function once<Series>(found: Map<string, Series>, labels: readonly string[], find: () => Series): Series {
  const key = labels.join(' ');
  let series = found.get(key);
  if (series === undefined) found.set(key, (series = find()));
  return series;
}
