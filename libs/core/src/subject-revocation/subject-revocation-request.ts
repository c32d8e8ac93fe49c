import { OAuthError } from '../errors/oauth-error.ts';
import { headerValues, type HttpFacts } from '../form/http-facts.ts';
import { readStrictJsonObject } from '../shared/strict-json.ts';

/** `POST /global-token-revocation`, nothing in it believed. */
export interface SubjectRevocationRequest {
  /** Each `Authorization` header field as it came. */
  readonly authorizations: readonly string[];
  /** `sub_id`, unread; undefined when the body has none, or is no JSON object. */
  readonly subject: unknown;
}

const MAX_BODY_BYTES = 8_192;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a request for the revocation of all that a user has. Who calls is found out first, so that a body without a
 * subject is not refused here.
 *
 * Fails  request.wrong_media_type | request.too_large
 */
export function readSubjectRevocationRequest(
  { contentType, body }: { contentType: string | undefined; body: Buffer },
  http: HttpFacts,
): SubjectRevocationRequest {
  if (!/^application\/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?$/i.test(contentType ?? '')) {
    throw new OAuthError('request.wrong_media_type');
  }
  if (body.length > MAX_BODY_BYTES) throw new OAuthError('request.too_large');
  return { authorizations: headerValues(http, 'authorization'), subject: readSubject(body) };
}

function readSubject(body: Buffer): unknown {
  try {
    return readStrictJsonObject(utf8.decode(body))?.['sub_id'];
  } catch {
    return undefined;
  }
}
