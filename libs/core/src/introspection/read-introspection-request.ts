import { readCallerCredentials } from '../caller/read-caller-credentials.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import type { Form } from '../form/form.ts';
import { headerValues, type HttpFacts } from '../form/http-facts.ts';
import type { IntrospectionRequest } from './introspection-request.ts';

/** A structured-field string of 1 to 128 printable characters (RFC 8941 §3.3.3), without escapes. */
const IDEMPOTENCY_KEY = /^"([ !#-[\]-~]{1,128})"$/;

/**
 * Reads an introspection out of a form. Shapes only, before anything is looked up or used up.
 *
 * Fails  request.malformed when there is no token | client.several_methods | idempotency.malformed
 * Spec   RFC 7662 §2.1; draft-ietf-httpapi-idempotency-key-header
 */
export function readIntrospectionRequest(form: Form, http: HttpFacts): IntrospectionRequest {
  const token = form.one('token');
  if (token === null) throw new OAuthError('request.malformed', 'token is missing');
  return {
    credentials: readCallerCredentials(form, http),
    token,
    presented: {
      method: form.one('http_method'),
      targetUri: form.one('http_target_uri'),
      contentDigest: form.one('content_digest'),
      contentType: form.one('http_content_type'),
      dpopProof: form.one('dpop_proof'),
      certificateThumbprint: form.one('client_cert_s256'),
    },
    isPeek: readPeek(form),
    idempotencyKey: readIdempotencyKey(http),
  };
}

/** Nobody who wanted to look may spend a token by a slip of spelling. */
function readPeek(form: Form): boolean {
  const peek = form.one('peek');
  if (peek !== null && peek !== 'true') throw new OAuthError('request.malformed', 'peek is not true');
  return peek !== null;
}

function readIdempotencyKey(http: HttpFacts): string | null {
  const [field, another] = headerValues(http, 'idempotency-key');
  if (field === undefined) return null;
  const key = another === undefined ? IDEMPOTENCY_KEY.exec(field)?.[1] : undefined;
  if (key === undefined) throw new OAuthError('idempotency.malformed');
  return key;
}
