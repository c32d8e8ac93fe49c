import { readCallerCredentials } from '../caller/read-caller-credentials.ts';
import { DEFERRED_MODE } from '../deferral/deferral.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import type { Form } from '../form/form.ts';
import { headerValues, type HttpFacts } from '../form/http-facts.ts';
import { isOperationId } from '../operation/catalog.ts';
import { readAuthorizationDetails, type RequestedOperation } from '../operation/http-operation.ts';
import { readStrictJsonObject, type JsonObject } from '../shared/strict-json.ts';
import { TXN_TOKEN } from '../transaction/transaction-token.ts';
import type { ExchangeRequest } from './exchange-request.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
/** RFC 7523 §2.1, for an ID-JAG. */
export const JWT_BEARER_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
/** A JWT-SVID; of an actor, a JWT of a registered provider that need not be an ID token too (RFC 8693 §3). */
export const JWT_TOKEN = 'urn:ietf:params:oauth:token-type:jwt';
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

const MAX_REQUEST_CONTEXT_CHARS = 4096;

/**
 * Reads a token exchange out of a form. Shapes only: nothing is looked up, and nothing is used up, for a request
 * that does not even have the form of one.
 *
 * Fails  request.malformed | grant.* | client.several_methods | operation.malformed | resource.several |
 *        context.malformed
 * Spec   RFC 8693 §2.1; RFC 7523 §2.1; RFC 9396 §2; RFC 8707 §2
 */
export function readExchangeRequest(form: Form, http: HttpFacts): ExchangeRequest {
  const grantType = form.one('grant_type');
  if (grantType === null) throw new OAuthError('request.malformed', 'grant_type is missing');
  if (grantType !== TOKEN_EXCHANGE && grantType !== JWT_BEARER_GRANT)
    throw new OAuthError('grant.unsupported', grantType);
  const credentials = readCallerCredentials(form, http);
  const subject = grantType === JWT_BEARER_GRANT ? readAssertion(form) : readSubjectToken(form);
  const actor = readActorToken(form);
  const requested = form.one('requested_token_type');
  if (requested !== null && requested !== ACCESS_TOKEN)
    throw new OAuthError('grant.unsupported_token_type', requested);
  return {
    credentials,
    ...subject,
    ...actor,
    dpopProofs: headerValues(http, 'dpop'),
    resources: readTargets(form),
    operation: readOperation(form),
    scope: readScope(form),
    claimed: readClaimed(form),
    observed: { ip: http.ip },
    canWait: readCanWait(form),
  };
}

type Subject = Pick<ExchangeRequest, 'subjectToken' | 'subjectTokenType'>;

/** The identity assertion of a grant of RFC 7523, where that grant has it. */
function readAssertion(form: Form): Subject {
  const assertion = form.one('assertion');
  if (assertion === null) throw new OAuthError('request.malformed', 'assertion is required');
  if (form.one('subject_token') !== null || form.one('subject_token_type') !== null) {
    throw new OAuthError('request.malformed', 'the assertion says who the subject is');
  }
  return { subjectToken: assertion, subjectTokenType: 'id_jag' };
}

function readSubjectToken(form: Form): Subject {
  const subjectToken = form.one('subject_token');
  const type = form.one('subject_token_type');
  if (subjectToken === null || type === null) {
    throw new OAuthError('request.malformed', 'subject_token and subject_token_type are required');
  }
  const subjectTokenType = SUBJECT_TOKEN_TYPES.get(type);
  if (subjectTokenType === undefined) throw new OAuthError('grant.unsupported_token_type', type);
  return { subjectToken, subjectTokenType };
}

const SUBJECT_TOKEN_TYPES: ReadonlyMap<string, ExchangeRequest['subjectTokenType']> = new Map([
  [ID_TOKEN, 'id_token'],
  [JWT_TOKEN, 'jwt'],
  [TXN_TOKEN, 'txn_token'],
]);

/**
 * `audience` names a resource server by its identifier too, for software that knows no `resource` (RFC 8693 §2.1).
 * Where both are there they have to be the same.
 */
function readTargets(form: Form): readonly string[] {
  const resources = form.all('resource');
  const audiences = form.all('audience');
  if (resources.length === 0) return audiences;
  const another = audiences.find((audience) => !resources.includes(audience));
  if (another !== undefined) throw new OAuthError('resource.several', 'audience is not the resource');
  return resources;
}

/** An actor that is not understood must not be passed over: the request would be decided as if nobody acted. */
function readActorToken(form: Form): Pick<ExchangeRequest, 'actorToken' | 'actorTokenType'> {
  const actorToken = form.one('actor_token');
  const type = form.one('actor_token_type');
  if ((actorToken === null) !== (type === null)) {
    throw new OAuthError('request.malformed', 'actor_token and actor_token_type belong together');
  }
  if (type === null) return { actorToken, actorTokenType: null };
  if (type !== ID_TOKEN && type !== JWT_TOKEN) throw new OAuthError('grant.unsupported_token_type', type);
  return { actorToken, actorTokenType: type === JWT_TOKEN ? 'jwt' : 'id_token' };
}

function readOperation(form: Form): RequestedOperation | null {
  const text = form.one('authorization_details');
  if (text === null) return null;
  const operation = readAuthorizationDetails(text);
  if (operation === null) throw new OAuthError('operation.malformed');
  return operation;
}

/** One operation is all that a token can be for; several scopes, or one that cannot be in a catalog, are none. */
function readScope(form: Form): string | null {
  const scope = form.one('scope');
  if (scope !== null && !isOperationId(scope)) throw new OAuthError('grant.scope_not_accepted', scope);
  return scope;
}

/** Modes that nobody knows are left aside (draft-ietf-oauth-deferred-token-response). */
function readCanWait(form: Form): boolean {
  return form.one('completion_mode')?.split(' ').includes(DEFERRED_MODE) === true;
}

function readClaimed(form: Form): JsonObject {
  const text = form.one('request_context');
  if (text === null) return {};
  const claimed =
    text.length > MAX_REQUEST_CONTEXT_CHARS ? null : readStrictJsonObject(text, { maxDepth: 4 });
  if (claimed === null) throw new OAuthError('context.malformed');
  return claimed;
}
