import type { Resource } from './canonical-uri.ts';
import type { GuardSettings } from './guard-settings.ts';
import { ALGORITHMS } from './refuse.ts';

/** What a resource server says of itself to clients that know nothing but its URL. */
export interface ResourceMetadata {
  /** Public; challenges point to it. */
  readonly url: string;
  /** Of `url`, as it comes on the wire. */
  readonly path: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** An answer that needs no token. */
export interface OpenAnswer {
  readonly status: 200;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/**
 * The metadata of a resource server and where it belongs: between the host and the path of the resource.
 *
 * Spec   RFC 9728 §2, §3.1
 */
export function resourceMetadata(
  { issuer, resource, acceptBearer = false, metadata }: GuardSettings,
  { origin, href }: Resource,
): ResourceMetadata | null {
  if (metadata === false) return null;
  const below = href.slice(origin.length);
  const path = `${WELL_KNOWN}${below === '/' ? '' : below}`;
  return {
    url: `${origin}${path}`,
    path,
    document: {
      ...metadata,
      // As it is registered: whoever reads this compares it with the identifier that they started from.
      resource,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: ALGORITHMS,
      authorization_details_types_supported: ['http_operation'],
      // A member that would be false is left out (RFC 9728 §2).
      ...(acceptBearer ? {} : { dpop_bound_access_tokens_required: true }),
    },
  };
}

/** The metadata, when that is what a request asks for; null for every other request. */
export function metadataAnswer(
  metadata: ResourceMetadata | null,
  { method, rawUrl }: { method: string | undefined; rawUrl: string },
): OpenAnswer | null {
  const isRead = method === 'GET' || method === 'HEAD';
  if (metadata === null || !isRead || rawUrl.split('?', 1)[0] !== metadata.path) return null;
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' },
    body: JSON.stringify(metadata.document),
  };
}
