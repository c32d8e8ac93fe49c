import type { CallerCredentials } from '../caller/caller-credentials.ts';
import { readCallerCredentials } from '../caller/read-caller-credentials.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import type { Form } from '../form/form.ts';
import type { HttpFacts } from '../form/http-facts.ts';

/** `POST /revoke` (RFC 7009 §2.1). Tokens and deferral codes tell themselves apart, so nobody looks at the hint. */
export interface RevocationRequest {
  readonly credentials: CallerCredentials;
  readonly token: string;
}

/**
 * Reads a revocation out of a form.
 *
 * Fails  request.malformed when there is no token | client.several_methods
 */
export function readRevocationRequest(form: Form, http: HttpFacts): RevocationRequest {
  const token = form.one('token');
  if (token === null) throw new OAuthError('request.malformed', 'token is missing');
  return { credentials: readCallerCredentials(form, http), token };
}
