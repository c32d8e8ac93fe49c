import { fetchFromBroker, type BrokerFetch } from './fetch-from-broker.ts';
import { OncekeyError } from './oncekey-error.ts';
import { isConfidential } from './target-uri.ts';

/** What the broker says about itself, as far as a client needs it (RFC 8414 §2). */
export interface BrokerMetadata {
  readonly tokenEndpoint: URL;
}

const BELIEVED_FOR_MS = 3_600_000;

/**
 * Finds the broker's endpoints and remembers them for an hour; a failure is not remembered.
 *
 * Fails  OncekeyError `wrong_issuer` when the document speaks for another issuer (RFC 8414 §3.3) |
 *        `unexpected_answer` | `unreachable` | `timed_out`
 */
export function discovery(issuer: string, broker: BrokerFetch): () => Promise<BrokerMetadata> {
  const url = wellKnownUrl(issuer);
  let known: { metadata: Promise<BrokerMetadata>; untilMs: number } | null = null;
  return () => {
    if (known !== null && Date.now() < known.untilMs) return known.metadata;
    const metadata = discover(issuer, url, broker);
    const mine = { metadata, untilMs: Date.now() + BELIEVED_FOR_MS };
    known = mine;
    metadata.catch(() => {
      if (known === mine) known = null;
    });
    return metadata;
  };
}

function wellKnownUrl(issuer: string): string {
  const url = new URL(issuer);
  if (!isConfidential(url)) throw new OncekeyError('unacceptable_uri', { description: issuer });
  return `${url.origin}/.well-known/oauth-authorization-server${url.pathname === '/' ? '' : url.pathname}`;
}

async function discover(issuer: string, url: string, broker: BrokerFetch): Promise<BrokerMetadata> {
  const { status, json } = await fetchFromBroker(broker, url, { headers: { accept: 'application/json' } });
  if (status !== 200 || json === null) {
    throw new OncekeyError('unexpected_answer', { status, description: 'no metadata at the well-known URL' });
  }
  if (json['issuer'] !== issuer) {
    throw new OncekeyError('wrong_issuer', { description: 'the metadata is of another issuer' });
  }
  const endpoint = json['token_endpoint'];
  const tokenEndpoint = typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (tokenEndpoint === null || !isConfidential(tokenEndpoint)) {
    throw new OncekeyError('unexpected_answer', { status, description: 'token_endpoint is not acceptable' });
  }
  return { tokenEndpoint };
}
