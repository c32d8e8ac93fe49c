import { MeteredCallers, type Quota } from '#core';

/** No test comes near it but those that register a quota. */
const ENOUGH: Quota = { requestsPerSecond: 1_000_000, burst: 1_000_000 };

/** Quotas as brokers keep them, by the clock of a test. */
export function enoughQuotas(elapsedMs: () => number): MeteredCallers {
  return new MeteredCallers({
    defaults: { client: ENOUGH, resource_server: ENOUGH },
    processes: 1,
    most: 16,
    elapsedMs,
    onRefused: () => undefined,
  });
}
