import type { BrokerConnection } from './broker-connection.ts';
import { brokerEndpoints, type BrokerEndpoints } from './broker-endpoints.ts';
import { callerTokens, NO_CALLER_TOKENS } from './caller-tokens.ts';
import { isConfidential } from './canonical-uri.ts';
import type { GuardSettings } from './guard-settings.ts';
import { introspection, type Introspection } from './introspection.ts';

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
  const endpoints = endpointsOf(settings) ?? brokerEndpoints(issuer, connection, timeoutMs);
  const asking = { connection, endpoints, assertion, timeoutMs };
  return introspection({
    ...asking,
    deadlineMs,
    callerTokens:
      settings.callerTokens === false
        ? NO_CALLER_TOKENS
        : callerTokens({ ...asking, nowMs: () => performance.now() }),
  });
}

/** Null: they have to be found. */
function endpointsOf({
  issuer,
  introspectionEndpoint,
  tokenEndpoint,
}: GuardSettings): (() => Promise<BrokerEndpoints>) | null {
  for (const url of [issuer, introspectionEndpoint ?? issuer, tokenEndpoint ?? issuer]) {
    if (!URL.canParse(url) || !isConfidential(new URL(url))) throw new TypeError(`not acceptable: ${url}`);
  }
  if (introspectionEndpoint === undefined) return null;
  const endpoints = Promise.resolve({
    introspection: new URL(introspectionEndpoint),
    token: tokenEndpoint === undefined ? null : new URL(tokenEndpoint),
  });
  return () => endpoints;
}
