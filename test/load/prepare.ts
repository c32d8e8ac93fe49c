import { DIGEST, ID_TOKEN, REFUND, type Caller, type Parameters } from '../support/deployment/caller.ts';
import { SELF_API } from '../support/deployment/deployment.ts';
import type { Authenticate } from './caller-authentication.ts';
import type { PreparedRequest } from './send.ts';

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export function encode(parameters: Parameters): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, value);
  return form.toString();
}

/** Exchanges that differ in their assertion and proof only: each is signed here, before anything is measured. */
export function prepareExchanges(caller: Caller, count: number, changes: Parameters = {}): PreparedRequest[] {
  const subject_token = changes['subject_token'] ?? caller.deployment.issuerServer.idToken();
  return Array.from({ length: count }, () => prepareExchange(caller, { ...changes, subject_token }));
}

/** An exchange that proves itself anew where it waited for so long that the broker wants another nonce. */
export function prepareExchange(caller: Caller, changes: Parameters): PreparedRequest {
  return {
    path: '/token',
    headers: { ...FORM, DPoP: caller.proof() },
    body: encode(caller.parameters({ subject_token_type: ID_TOKEN, ...changes })),
    again: (dpopNonce) => {
      caller.useNonce(dpopNonce);
      return prepareExchange(caller, changes);
    },
  };
}

/** The same for an API that checks proofs itself. */
export function forSelfApi(caller: Caller): Parameters {
  return {
    resource: SELF_API,
    authorization_details: caller.details({
      locations: [SELF_API],
      target_uri: `${SELF_API}orders/42/refund`,
      content_digest: undefined,
    }),
  };
}

/** One introspection for each token, as an API asks that checks proofs itself. */
export function prepareIntrospections(
  tokens: readonly string[],
  authenticate: Authenticate,
  parametersOf: (token: string) => Parameters = () => ({}),
): PreparedRequest[] {
  return tokens.map((token) => {
    const { parameters, headers } = authenticate();
    return {
      path: '/introspect',
      headers: { ...FORM, ...headers },
      body: encode({ token, ...parameters, ...parametersOf(token) }),
    };
  });
}

/** What an API tells that lets the broker check method, URI, body and the forwarded proof. */
export function withProof(caller: Caller): (token: string) => Parameters {
  return (token) => ({
    http_method: 'POST',
    http_target_uri: REFUND,
    content_digest: `sha-256=:${DIGEST}:`,
    dpop_proof: caller.apiProof(token),
  });
}
