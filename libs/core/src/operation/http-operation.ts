import { readStrictJson, isJsonObject } from '../shared/strict-json.ts';
import { readContentDigest, type ContentDigest } from './content-digest.ts';

/** `type` of the one kind of authorization detail that we speak (RFC 9396 §2). */
export const HTTP_OPERATION = 'http_operation';

/** An operation as a client asks for it: shape checked, URI not yet canonical. */
export interface RequestedOperation {
  readonly location: string;
  readonly method: string;
  readonly targetUri: string;
  readonly contentDigest: ContentDigest | null;
  readonly contentType: string | null;
}

/** The one operation that a token permits, in the canonical form that is stored and compared; members as on the wire. */
export interface HttpOperation {
  readonly type: typeof HTTP_OPERATION;
  readonly locations: readonly [string];
  readonly actions: readonly [string];
  /** Canonical. Where the token is for a path template, the template stands in it, with braces that no URI has. */
  readonly target_uri: string;
  /** Path template of the catalog, below the resource: any URI that is this operation is permitted, with any body. */
  readonly path_template?: string;
  readonly content_digest?: ContentDigest;
  readonly content_type?: string;
}

const MEMBERS = new Set(['type', 'locations', 'actions', 'target_uri', 'content_digest', 'content_type']);

/** Methods of RFC 9110 §9.3 and RFC 5789 that an API serves; case matters. */
export const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);

/** A media type with optional parameters (RFC 9110 §8.3.1). */
const MEDIA_TYPE = /^[a-z0-9!#$&^_.+-]{1,64}\/[a-z0-9!#$&^_.+-]{1,64}(?:;[ -~]{1,128})?$/i;

export const MAX_AUTHORIZATION_DETAILS_CHARS = 4096;

/**
 * Reads `authorization_details`: a JSON array of exactly one closed `http_operation` object. Null when it is
 * anything else: an unknown type or member, a missing one, a wrong shape (RFC 9396 §5).
 */
export function readAuthorizationDetails(text: string): RequestedOperation | null {
  if (text.length > MAX_AUTHORIZATION_DETAILS_CHARS) return null;
  const read = readStrictJson(text, { maxDepth: 4 });
  return read === null ? null : readAuthorizationDetail(read.value);
}

/** As `readAuthorizationDetails`, for a claim of a token whose JSON was read already. */
export function readAuthorizationDetail(value: unknown): RequestedOperation | null {
  if (!Array.isArray(value) || value.length !== 1) return null;
  const detail: unknown = value[0];
  if (!isJsonObject(detail) || detail['type'] !== HTTP_OPERATION) return null;
  if (!Object.keys(detail).every((member) => MEMBERS.has(member))) return null;

  const location = onlyString(detail['locations']);
  const method = onlyString(detail['actions']);
  const { target_uri: targetUri, content_digest: digest, content_type: contentType } = detail;
  if (location === null || method === null || !METHODS.has(method) || typeof targetUri !== 'string')
    return null;
  const contentDigest = digest === undefined ? null : readContentDigest(digest);
  if (digest !== undefined && contentDigest === null) return null;
  if (contentType !== undefined && !(typeof contentType === 'string' && MEDIA_TYPE.test(contentType)))
    return null;
  return { location, method, targetUri, contentDigest, contentType: contentType ?? null };
}

function onlyString(value: unknown): string | null {
  if (!Array.isArray(value) || value.length !== 1) return null;
  const only: unknown = value[0];
  return typeof only === 'string' ? only : null;
}
