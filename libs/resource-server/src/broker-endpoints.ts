import type { BrokerConnection } from './broker-connection.ts';
import { BrokerFailure } from './broker-failure.ts';
import { isConfidential } from './canonical-uri.ts';
import { readJsonObject, type JsonObject } from './read-json-object.ts';

const BELIEVED_FOR_MS = 3_600_000;

export interface BrokerEndpoints {
  readonly introspection: URL;
  /** Where caller tokens are given out; null where there are none. */
  readonly token: URL | null;
}

/**
 * Where to ask, from the issuer's metadata (RFC 8414 §3). Remembered for an hour; a failure is not remembered.
 *
 * Fails  BrokerFailure when the metadata cannot be had, is of another issuer or names no acceptable endpoint
 */
export function brokerEndpoints(
  issuer: string,
  connection: BrokerConnection,
  timeoutMs: number,
): () => Promise<BrokerEndpoints> {
  const { origin, pathname } = new URL(issuer);
  const wellKnown = new URL(
    `${origin}/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`,
  );
  let known: { endpoints: Promise<BrokerEndpoints>; untilMs: number } | null = null;

  async function discover(): Promise<BrokerEndpoints> {
    const headers = { accept: 'application/json' };
    const answer = await connection.ask({ url: wellKnown, method: 'GET', headers, body: '', timeoutMs });
    const metadata = answer.status === 200 ? readJsonObject(answer.text) : null;
    if (metadata === null) {
      const isPassing = answer.status === 503;
      throw new BrokerFailure(`no metadata: the broker answered ${answer.status}`, { isPassing });
    }
    if (metadata['issuer'] !== issuer) throw new BrokerFailure('the metadata is of another issuer');
    const introspection = acceptable(metadata['introspection_endpoint']);
    if (introspection === null) throw new BrokerFailure('introspection_endpoint is not acceptable');
    return { introspection, token: tokenEndpointIn(metadata) };
  }

  return () => {
    if (known !== null && Date.now() < known.untilMs) return known.endpoints;
    const mine = { endpoints: discover(), untilMs: Date.now() + BELIEVED_FOR_MS };
    known = mine;
    mine.endpoints.catch(() => {
      if (known === mine) known = null;
    });
    return mine.endpoints;
  };
}

function acceptable(endpoint: unknown): URL | null {
  const url = typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : null;
  return url !== null && isConfidential(url) ? url : null;
}

/** A broker that has caller tokens says so twice: there is the grant, and introspection takes what it gives. */
function tokenEndpointIn(metadata: JsonObject): URL | null {
  const grants = metadata['grant_types_supported'];
  const methods = metadata['introspection_endpoint_auth_methods_supported'];
  const areThere =
    Array.isArray(grants) &&
    grants.includes('client_credentials') &&
    Array.isArray(methods) &&
    methods.includes('Bearer');
  return areThere ? acceptable(metadata['token_endpoint']) : null;
}
