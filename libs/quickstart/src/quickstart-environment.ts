import { readFile } from 'node:fs/promises';

/** `env.json`: what any script needs to drive a running quickstart. */
export interface QuickstartEnvironment {
  readonly issuer: string;
  readonly token_endpoint: string;
  readonly introspection_endpoint: string;
  readonly jwks_uri: string;
  readonly admin_url: string;
  readonly orders_url: string;
  readonly identity_provider: {
    readonly issuer: string;
    readonly client_id: string;
    readonly users: readonly string[];
  };
  readonly client: { readonly client_id: string; readonly private_jwk_file: string };
  readonly resource_server: {
    readonly client_id: string;
    readonly resource: string;
    readonly private_jwk_file: string;
  };
}

/**
 * Reads `env.json`.
 *
 * Out    null when there is no such file: no quickstart runs
 * Fails  Error when the file is there and is not what a quickstart writes
 */
export async function readQuickstartEnvironment(file: string): Promise<QuickstartEnvironment | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const environment = parseQuickstartEnvironment(text);
  if (environment === null) throw new Error(`${file} is not an env.json of the quickstart; start it anew`);
  return environment;
}

/** Null when `text` is not an `env.json`. Members that are not known are passed over. */
export function parseQuickstartEnvironment(text: string): QuickstartEnvironment | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isEnvironment(value) ? value : null;
}

const URLS = [
  'issuer',
  'token_endpoint',
  'introspection_endpoint',
  'jwks_uri',
  'admin_url',
  'orders_url',
] as const;

function isEnvironment(value: unknown): value is QuickstartEnvironment {
  return (
    hasTexts(value, URLS) &&
    'identity_provider' in value &&
    hasTexts(value.identity_provider, ['issuer', 'client_id']) &&
    'users' in value.identity_provider &&
    Array.isArray(value.identity_provider.users) &&
    value.identity_provider.users.every((user) => typeof user === 'string') &&
    'client' in value &&
    hasTexts(value.client, ['client_id', 'private_jwk_file']) &&
    'resource_server' in value &&
    hasTexts(value.resource_server, ['client_id', 'resource', 'private_jwk_file'])
  );
}

function hasTexts<Name extends string>(
  value: unknown,
  names: readonly Name[],
): value is Record<Name, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === 'string')
  );
}
