import type { Quota } from '#core';
import { FromEnvironment, SharedConfiguration, WholeNumber } from '#http';
import { IsInt, Max, Min } from 'class-validator';

/** More than any machine can do: what is not to be limited is set to this. */
const MOST = 1_000_000;

/** A whole number from 1 to `most`. */
function Amount(most = MOST): PropertyDecorator {
  const range = { message: `must be a whole number from 1 to ${most}` };
  const rules = [WholeNumber(), IsInt(range), Min(1, range), Max(most, range)];
  return (prototype, property) => {
    for (const rule of rules) rule(prototype, property);
  };
}

/** How much a broker takes on, and from whom. */
export class LoadConfiguration extends SharedConfiguration {
  @FromEnvironment({
    name: 'ONCEKEY_MAX_IN_FLIGHT',
    means: 'requests that one process works on at a time',
    fallback: '128',
  })
  @Amount(4096)
  readonly maxInFlight: number;

  @FromEnvironment({
    name: 'ONCEKEY_MAX_WAITING',
    means: 'requests that wait in one process for their turn',
    fallback: '1024',
  })
  @Amount(65_536)
  readonly maxWaiting: number;

  @FromEnvironment({
    name: 'ONCEKEY_MAX_WAIT_MS',
    means: 'when the oldest of them has waited longer, new ones are answered 503 at once',
    fallback: '50',
  })
  @Amount(60_000)
  readonly maxWaitMs: number;

  @FromEnvironment({
    name: 'ONCEKEY_CLIENT_REQUESTS_PER_SECOND',
    means: 'quota of a client whose registration has none; divided among the workers',
    fallback: '500',
  })
  @Amount()
  readonly clientRequestsPerSecond: number;

  @FromEnvironment({
    name: 'ONCEKEY_CLIENT_BURST',
    means: 'requests that such a client may send at once after a quiet time',
    fallback: '1000',
  })
  @Amount()
  readonly clientBurst: number;

  @FromEnvironment({
    name: 'ONCEKEY_RESOURCE_SERVER_REQUESTS_PER_SECOND',
    means: 'the same for a resource server, and for the gateway that asks for it',
    fallback: '2000',
  })
  @Amount()
  readonly resourceServerRequestsPerSecond: number;

  @FromEnvironment({
    name: 'ONCEKEY_RESOURCE_SERVER_BURST',
    means: 'requests that such a resource server may send at once after a quiet time',
    fallback: '4000',
  })
  @Amount()
  readonly resourceServerBurst: number;

  @FromEnvironment({
    name: 'ONCEKEY_SOURCE_FAILURES_PER_SECOND',
    means:
      'requests from one address (of IPv6, one /64) that may fail before it is known who calls; divided among the workers',
    fallback: '50',
  })
  @Amount()
  readonly sourceFailuresPerSecond: number;

  @FromEnvironment({
    name: 'ONCEKEY_SOURCE_FAILURE_BURST',
    means: 'such failures at once after a quiet time; then the address is answered 429',
    fallback: '1000',
  })
  @Amount()
  readonly sourceFailureBurst: number;

  @FromEnvironment({
    name: 'ONCEKEY_MAX_BUCKETS',
    means: 'callers, and addresses, whose requests one process counts; the longest unheard of are forgotten',
    fallback: '65536',
  })
  @Amount()
  readonly maxBuckets: number;

  get clientQuota(): Quota {
    return { requestsPerSecond: this.clientRequestsPerSecond, burst: this.clientBurst };
  }

  get resourceServerQuota(): Quota {
    return { requestsPerSecond: this.resourceServerRequestsPerSecond, burst: this.resourceServerBurst };
  }

  get sourceQuota(): Quota {
    return { requestsPerSecond: this.sourceFailuresPerSecond, burst: this.sourceFailureBurst };
  }
}
