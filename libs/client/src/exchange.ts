import { readDeferral, type Deferral } from './approval.ts';
import { awaitApproval } from './await-approval.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import type { OncekeyClientOptions } from './client-options.ts';
import type { BrokerMetadata } from './discovery.ts';
import { makeDpopProof } from './dpop-proof.ts';
import { fetchFromBroker, type BrokerAnswer, type BrokerFetch } from './fetch-from-broker.ts';
import { readOneTimeToken, type OneTimeToken } from './one-time-token.ts';
import { isPassing, OncekeyError } from './oncekey-error.ts';
import type { OutgoingRequest } from './outgoing-request.ts';
import { pause } from './pause.ts';
import { resourceOf } from './resource-of.ts';
import type { SigningKey } from './signing-key.ts';

/** `subjectToken`: of a user who has just signed in again; absent, the options are asked for one. */
export type Exchange = (request: OutgoingRequest, subjectToken?: string) => Promise<OneTimeToken>;

export interface ExchangeParts {
  readonly options: OncekeyClientOptions;
  readonly broker: BrokerFetch;
  readonly metadata: () => Promise<BrokerMetadata>;
  readonly authentication: ClientAuthentication;
  readonly deviceKey: () => Promise<SigningKey>;
}

/** A broker that asks for more patience than this is not waited for. */
const LONGEST_WAIT_SECONDS = 3;
const WAIT_SECONDS = 0.1;

const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';

/** RFC 9449 §8.1 */
const NONCE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Trades the user's ID token for permission to send one request (RFC 8693 §2.1). Repeats itself at most three times:
 * once when the broker hands out a nonce, once when it could not answer or wanted to be asked later, once when the
 * user has signed in again (RFC 9470). Each is safe, because a token that nobody received opens nothing without the
 * device key and dies within seconds. Each attempt has its own assertion and proof. Where somebody has to approve, the
 * request waits at the broker, and is not made again.
 */
export function exchange(parts: ExchangeParts): Exchange {
  const { options, broker, metadata, authentication, deviceKey } = parts;
  /** The newest that the broker has handed out (RFC 9449 §8.2). */
  let nonce: string | null = null;

  async function attempt(
    parameters: Record<string, string>,
    signal: AbortSignal,
  ): Promise<{ answer: BrokerAnswer; isNonceNew: boolean }> {
    const { tokenEndpoint } = await metadata();
    const credentials = await authentication();
    const htu = `${tokenEndpoint.origin}${tokenEndpoint.pathname}`;
    const answer = await fetchFromBroker(broker, tokenEndpoint.href, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        ...credentials.headers,
        dpop: await makeDpopProof(await deviceKey(), { method: 'POST', htu, nonce }),
      },
      body: new URLSearchParams({ ...parameters, ...credentials.parameters }).toString(),
      signal,
    });
    const handedOut = answer.headers.get('dpop-nonce');
    const isNonceNew = handedOut !== null && NONCE.test(handedOut);
    if (isNonceNew) nonce = handedOut;
    return { answer, isNonceNew };
  }

  return async (request, subjectToken) => {
    let parameters = await parametersOf(request, subjectToken ?? (await options.subjectToken()), options);
    let mayAnswerNonce = true;
    let mayRepeat = true;
    let { onStepUp } = options;
    const { onApproval } = options;
    for (;;) {
      let deferral: Deferral | null = null;
      try {
        const { answer } = await attempt(parameters, request.signal);
        deferral = onApproval === undefined ? null : readDeferral(answer, request);
        if (deferral === null) return readOneTimeToken(answer);
      } catch (failure) {
        if (!(failure instanceof OncekeyError)) throw failure;
        if (mayAnswerNonce && failure.code === 'use_dpop_nonce' && nonce !== null) {
          mayAnswerNonce = false;
        } else if (onStepUp !== undefined && failure.stepUp !== null) {
          parameters = { ...parameters, subject_token: await onStepUp(failure.stepUp) };
          onStepUp = undefined;
          request.signal.throwIfAborted();
          // A person was at it meanwhile: the nonce is no longer fresh.
          mayAnswerNonce = true;
        } else if (mayRepeat && isPassing(failure) && isShort(failure)) {
          mayRepeat = false;
          await pause(failure.retryAfterSeconds ?? WAIT_SECONDS, request.signal);
        } else {
          throw failure;
        }
      }
      if (deferral === null) continue;
      await onApproval?.(deferral.approval);
      return awaitApproval(deferral, (question) => attempt(question, request.signal), request.signal);
    }
  };
}

async function parametersOf(
  request: OutgoingRequest,
  subjectToken: string,
  options: OncekeyClientOptions,
): Promise<Record<string, string>> {
  const resource = resourceOf(request.target, options);
  const { requestContext, actorToken, onApproval } = options;
  return {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: subjectToken,
    subject_token_type: ID_TOKEN,
    ...(actorToken === undefined ? {} : { actor_token: await actorToken(), actor_token_type: ID_TOKEN }),
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    resource,
    authorization_details: JSON.stringify([operationOf(request, resource)]),
    ...(requestContext === undefined ? {} : { request_context: JSON.stringify(requestContext()) }),
    ...(onApproval === undefined ? {} : { completion_mode: 'deferred' }),
  };
}

/** The operation as the broker knows it (RFC 9396 §2, type `http_operation`). */
function operationOf({ method, target, headers, digest }: OutgoingRequest, resource: string): object {
  const contentType = headers.get('content-type');
  return {
    type: 'http_operation',
    locations: [resource],
    actions: [method],
    target_uri: target.href,
    ...(digest === null ? {} : { content_digest: { 'sha-256': digest } }),
    ...(digest === null || contentType === null ? {} : { content_type: contentType }),
  };
}

function isShort({ retryAfterSeconds }: OncekeyError): boolean {
  return (retryAfterSeconds ?? 0) <= LONGEST_WAIT_SECONDS;
}
