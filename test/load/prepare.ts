import { ID_TOKEN, JWT_BEARER, type Caller, type Parameters } from '../support/deployment/caller.ts';
import { SELF_API } from '../support/deployment/deployment.ts';
import type { PreparedRequest } from './drive.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function encode(parameters: Parameters): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, value);
  return form.toString();
}

/** Exchanges that differ in their assertion and proof only: each is signed here, before anything is measured. */
export function prepareExchanges(caller: Caller, count: number, changes: Parameters = {}): PreparedRequest[] {
  const subjectToken = caller.deployment.issuerServer.idToken();
  return Array.from({ length: count }, () => ({
    path: '/token',
    headers: { ...FORM, DPoP: caller.proof() },
    body: encode(
      caller.parameters({ subject_token: subjectToken, subject_token_type: ID_TOKEN, ...changes }),
    ),
  }));
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

/** One introspection for each token, with method, URI, digest and the forwarded proof. */
export function prepareIntrospections(
  tokens: readonly string[],
  parameters: (token: string) => Parameters,
): PreparedRequest[] {
  return tokens.map((token) => ({
    path: '/introspect',
    headers: FORM,
    body: encode({ token, client_assertion_type: JWT_BEARER, ...parameters(token) }),
  }));
}
