import type { BrokerConnection } from './broker-connection.ts';
import { isConfidential } from './canonical-uri.ts';
import type { GuardSettings } from './guard-settings.ts';
import { introspection, type Introspection } from './introspection.ts';
import { introspectionEndpoint } from './introspection-endpoint.ts';

const TIMEOUT_MS = 2000;
const DEADLINE_MS = 5000;

/**
 * The introspection of one broker.
 *
 * Fails  TypeError when secrets would go over the network in the clear
 */
export function brokerIntrospection(
  settings: GuardSettings,
  { connection, assertion }: { connection: BrokerConnection; assertion: () => string | Promise<string> },
): Introspection {
  const { issuer, timeoutMs = TIMEOUT_MS, deadlineMs = DEADLINE_MS } = settings;
  const endpoint = endpointOf(settings) ?? introspectionEndpoint(issuer, connection, timeoutMs);
  return introspection({ connection, endpoint, assertion, timeoutMs, deadlineMs });
}

function endpointOf({ issuer, introspectionEndpoint: named }: GuardSettings): (() => Promise<URL>) | null {
  for (const url of named === undefined ? [issuer] : [issuer, named]) {
    if (!URL.canParse(url) || !isConfidential(new URL(url))) throw new TypeError(`not acceptable: ${url}`);
  }
  if (named === undefined) return null;
  const endpoint = Promise.resolve(new URL(named));
  return () => endpoint;
}
