import { readCallerCredentials } from '../caller/read-caller-credentials.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import type { Form } from '../form/form.ts';
import { headerValues, type HttpFacts } from '../form/http-facts.ts';
import { INTROSPECT_SCOPE } from './caller-token.ts';
import type { CallerTokenRequest } from './caller-token-request.ts';

export const CLIENT_CREDENTIALS = 'client_credentials';

/** Whoever sends one of these wants a token on somebody's behalf, which this grant does not give. */
const OF_OTHER_GRANTS = [
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'assertion',
  'requested_token_type',
  'request_context',
];

/**
 * Reads a request for a caller token out of a form. Shapes only.
 *
 * Fails  request.malformed | client.several_methods | operation.malformed | bearer.other_scope
 * Spec   RFC 6749 §4.4.2
 */
export function readCallerTokenRequest(form: Form, http: HttpFacts): CallerTokenRequest {
  const credentials = readCallerCredentials(form, http);
  const another = OF_OTHER_GRANTS.find((name) => form.one(name) !== null);
  if (another !== undefined) throw new OAuthError('request.malformed', `${another} is of another grant`);
  if (headerValues(http, 'dpop').length > 0) {
    throw new OAuthError('request.malformed', 'a caller token is bound to no DPoP key');
  }
  if (form.one('authorization_details') !== null) {
    throw new OAuthError('operation.malformed', 'a caller token permits no operation');
  }
  const scope = form.one('scope');
  if (scope !== null && scope !== INTROSPECT_SCOPE) throw new OAuthError('bearer.other_scope', scope);
  return { credentials, resources: [...form.all('resource'), ...form.all('audience')] };
}
