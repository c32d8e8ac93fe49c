import { DIGEST, JWT_BEARER, REFUND, type Caller } from '../support/deployment/caller.ts';
import type { SigningKey } from '../support/deployment/signing-key.ts';

/** A request that would be granted as it is, taken apart. */
export interface ValidRequest {
  readonly path: '/token' | '/introspect';
  readonly parameters: Readonly<Record<string, string>>;
  /** The DPoP header of an exchange. */
  readonly proof: string | null;
}

/** Where a request proves something, and the key that makes such a proof. */
export type Credential = 'client_assertion' | 'subject_token' | 'DPoP' | 'token' | 'dpop_proof';

export function validExchange(caller: Caller): ValidRequest {
  const parameters = caller.parameters({ request_context: '{"reason":"a damaged parcel"}' });
  return { path: '/token', parameters: parameters as Record<string, string>, proof: caller.proof() };
}

export function validIntrospection(caller: Caller, token: string): ValidRequest {
  return {
    path: '/introspect',
    parameters: {
      token,
      client_assertion_type: JWT_BEARER,
      client_assertion: caller.serverAssertion(),
      http_method: 'POST',
      http_target_uri: REFUND,
      content_digest: `sha-256=:${DIGEST}:`,
      dpop_proof: caller.apiProof(token),
    },
    proof: null,
  };
}

export function credentialsOf({ path }: ValidRequest): readonly Credential[] {
  return path === '/token'
    ? ['client_assertion', 'subject_token', 'DPoP']
    : ['client_assertion', 'token', 'dpop_proof'];
}

export function readCredential({ parameters, proof }: ValidRequest, name: Credential): string {
  return (name === 'DPoP' ? proof : parameters[name]) ?? '';
}

export function withCredential(request: ValidRequest, name: Credential, value: string): ValidRequest {
  if (name === 'DPoP') return { ...request, proof: value };
  return { ...request, parameters: { ...request.parameters, [name]: value } };
}

/** Whose key signs a credential; null for tokens, which only the broker can make. */
export function keyOf(
  { deployment, device }: Caller,
  { path }: ValidRequest,
  name: Credential,
): SigningKey | null {
  switch (name) {
    case 'client_assertion':
      return path === '/token' ? deployment.keys.client : deployment.keys.server;
    case 'subject_token':
      return deployment.issuerServer.key;
    case 'DPoP':
    case 'dpop_proof':
      return device;
    case 'token':
      return null;
  }
}

/** The bytes of a request, one character each. */
export function written({ path, parameters, proof }: ValidRequest): string {
  const body = new URLSearchParams(parameters).toString();
  return [
    `POST ${path} HTTP/1.1`,
    'Host: broker.example',
    'Content-Type: application/x-www-form-urlencoded',
    ...(proof === null ? [] : [`DPoP: ${proof}`]),
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
