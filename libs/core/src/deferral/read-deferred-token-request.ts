import { readCallerCredentials } from '../caller/read-caller-credentials.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import type { Form } from '../form/form.ts';
import { headerValues, type HttpFacts } from '../form/http-facts.ts';
import type { DeferredTokenRequest } from './deferred-token-request.ts';

/** What was asked for stays as it is. Who sends one of these means to change it, and must not think that it worked. */
const OF_THE_FIRST_REQUEST = [
  'completion_mode',
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'assertion',
  'requested_token_type',
  'resource',
  'audience',
  'scope',
  'authorization_details',
  'request_context',
];

/**
 * Reads the question of a client that waits. Shapes only.
 *
 * Fails  request.malformed | client.several_methods
 * Spec   draft-ietf-oauth-deferred-token-response, Polling
 */
export function readDeferredTokenRequest(form: Form, http: HttpFacts): DeferredTokenRequest {
  const credentials = readCallerCredentials(form, http);
  const deferralCode = form.one('deferral_code');
  if (deferralCode === null) throw new OAuthError('request.malformed', 'deferral_code is missing');
  const another = OF_THE_FIRST_REQUEST.find((name) => form.one(name) !== null);
  if (another !== undefined) throw new OAuthError('request.malformed', `${another} is of the first request`);
  return { credentials, deferralCode, dpopProofs: headerValues(http, 'dpop'), observed: { ip: http.ip } };
}
