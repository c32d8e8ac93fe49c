import type { BrokerConnection } from './broker-connection.ts';
import { BrokerFailure } from './broker-failure.ts';
import { isConfidential } from './canonical-uri.ts';
import { readJsonObject } from './read-json-object.ts';

const BELIEVED_FOR_MS = 3_600_000;

/**
 * Where to introspect, from the issuer's metadata (RFC 8414 §3). Remembered for an hour; a failure is not remembered.
 *
 * Fails  BrokerFailure when the metadata cannot be had, is of another issuer or names no acceptable endpoint
 */
export function introspectionEndpoint(
  issuer: string,
  connection: BrokerConnection,
  timeoutMs: number,
): () => Promise<URL> {
  const { origin, pathname } = new URL(issuer);
  const wellKnown = new URL(
    `${origin}/.well-known/oauth-authorization-server${pathname === '/' ? '' : pathname}`,
  );
  let known: { endpoint: Promise<URL>; untilMs: number } | null = null;

  async function discover(): Promise<URL> {
    const headers = { accept: 'application/json' };
    const answer = await connection.ask({ url: wellKnown, method: 'GET', headers, body: '', timeoutMs });
    const metadata = answer.status === 200 ? readJsonObject(answer.text) : null;
    if (metadata === null) {
      const isPassing = answer.status === 503;
      throw new BrokerFailure(`no metadata: the broker answered ${answer.status}`, { isPassing });
    }
    if (metadata['issuer'] !== issuer) throw new BrokerFailure('the metadata is of another issuer');
    const endpoint = metadata['introspection_endpoint'];
    const url = typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : null;
    if (url === null || !isConfidential(url))
      throw new BrokerFailure('introspection_endpoint is not acceptable');
    return url;
  }

  return () => {
    if (known !== null && Date.now() < known.untilMs) return known.endpoint;
    const mine = { endpoint: discover(), untilMs: Date.now() + BELIEVED_FOR_MS };
    known = mine;
    mine.endpoint.catch(() => {
      if (known === mine) known = null;
    });
    return mine.endpoint;
  };
}
