import { makeClientAssertion } from './client-assertion.ts';
import type { OncekeyClientOptions } from './client-options.ts';
import { onDemand } from './on-demand.ts';
import { OncekeyError } from './oncekey-error.ts';
import { readSigningKey } from './signing-key.ts';

/** What one request to the broker says of who makes it. */
interface ClientCredentials {
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

export type ClientAuthentication = () => Promise<ClientCredentials>;

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type';

/**
 * How the client says who it is; made anew for each request, because an assertion of its own is used once.
 *
 * Fails  OncekeyError `unacceptable_key` unless exactly one way is given; later also for a key that cannot sign
 * Spec   RFC 7523 §2.2; draft-ietf-oauth-spiffe-client-auth; draft-ietf-oauth-attestation-based-client-auth §6
 */
export function clientAuthentication(options: OncekeyClientOptions): ClientAuthentication {
  const { clientId, clientKey, clientToken, clientSvid, clientAttestation } = options;
  const ways = [clientKey, clientToken, clientSvid, clientAttestation].filter((way) => way !== undefined);
  if (ways.length !== 1) {
    const description = 'give one of clientKey, clientToken, clientSvid and clientAttestation';
    throw new OncekeyError('unacceptable_key', { description });
  }
  const assertion = (type: string, text: string): ClientCredentials => ({
    parameters: { client_assertion_type: `${ASSERTION_TYPE}:${type}`, client_assertion: text },
    headers: {},
  });
  // Whoever vouches for the client may vouch for others too, so the client says which one it is.
  const vouchedFor = (type: string, text: string): ClientCredentials => {
    const { parameters, headers } = assertion(type, text);
    return { parameters: { client_id: clientId, ...parameters }, headers };
  };
  if (clientToken !== undefined) return async () => vouchedFor('jwt-bearer', await clientToken());
  if (clientSvid !== undefined) return async () => vouchedFor('jwt-spiffe', await clientSvid());
  if (clientAttestation !== undefined) {
    // The DPoP proof that goes with it is made by the key that is attested.
    return async () => ({
      parameters: { client_id: clientId },
      headers: { 'oauth-client-attestation': await clientAttestation() },
    });
  }
  const key = onDemand(async () => readSigningKey(clientKey ?? { kty: '' }));
  return async () => assertion('jwt-bearer', await makeClientAssertion(await key(), options));
}
