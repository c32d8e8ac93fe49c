import { JWT_BEARER, type Caller, type Parameters } from '../support/deployment/caller.ts';
import type { SigningKey } from '../support/deployment/signing-key.ts';

/** How a resource server proves itself for one introspection. */
interface CallerAuthentication {
  readonly parameters: Parameters;
  readonly headers: Readonly<Record<string, string>>;
}

/** Proves itself anew for each introspection. */
export type Authenticate = () => CallerAuthentication;

/** With a client assertion for each call: an ES256 signature that the broker has to verify. */
export function byAssertion(caller: Caller, clientId: string, key: SigningKey): Authenticate {
  return () => ({
    parameters: {
      client_assertion_type: JWT_BEARER,
      client_assertion: caller.serverAssertion(clientId, key),
    },
    headers: {},
  });
}

/** With a bearer token that was earned once, and is shown with each call. */
export function byCallerToken(bearer: string): Authenticate {
  return () => ({ parameters: {}, headers: { authorization: `Bearer ${bearer}` } });
}
