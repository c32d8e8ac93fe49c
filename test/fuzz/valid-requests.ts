import type { SigningKey } from '../support/deployment/signing-key.ts';

/** Where a request proves something. */
export type Credential =
  | 'client_assertion'
  | 'subject_token'
  | 'actor_token'
  | 'assertion'
  | 'token'
  | 'dpop_proof'
  | 'DPoP'
  | 'Authorization';

/** Credentials that are header fields; the others are parameters. */
const FIELDS: ReadonlySet<Credential> = new Set<Credential>(['DPoP', 'Authorization']);

/** A request that would be granted as it is, taken apart. */
export interface ValidRequest {
  readonly port: number;
  readonly path: '/token' | '/introspect';
  readonly parameters: Readonly<Record<string, string>>;
  readonly fields: Readonly<Partial<Record<Credential, string>>>;
  /** What it proves something with, and the key that makes such a proof; null where only the broker can. */
  readonly credentials: ReadonlyMap<Credential, SigningKey | null>;
}

export function readCredential({ parameters, fields }: ValidRequest, name: Credential): string {
  return (FIELDS.has(name) ? fields[name] : parameters[name]) ?? '';
}

export function withCredential(request: ValidRequest, name: Credential, value: string): ValidRequest {
  if (FIELDS.has(name)) return { ...request, fields: { ...request.fields, [name]: value } };
  return { ...request, parameters: { ...request.parameters, [name]: value } };
}

/** The bytes of a request, one character each. */
export function written({ path, parameters, fields }: ValidRequest): string {
  const body = new URLSearchParams(parameters).toString();
  return [
    `POST ${path} HTTP/1.1`,
    'Host: broker.example',
    'Content-Type: application/x-www-form-urlencoded',
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
