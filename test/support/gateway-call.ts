import { API } from './deployment/deployment.ts';
import type { Caller, Parameters } from './deployment/caller.ts';
import { seedFiles } from './deployment/seed-files.ts';
import { eventually } from './eventually.ts';

/** What a gateway would be answered, and what its caller would be told. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Headers;
}

const READ = 42;
const uriOf = (order: number): string => `${API}/orders/${order}`;

export const READ_PATH = `/v1/orders/${READ}`;

/** A token that permits to read an order, which has no body. */
export function readToken(caller: Caller, changes: Parameters = {}, order = READ): Promise<string> {
  const authorization_details = caller.details({
    actions: ['GET'],
    target_uri: uriOf(order),
    content_digest: undefined,
  });
  return caller.token({ authorization_details, ...changes });
}

export function readProof(caller: Caller, token: string, order = READ): string {
  return caller.apiProof(token, { htm: 'GET', htu: uriOf(order) });
}

/** Asks as nginx does, with a GET of its own; `undefined` leaves a header out. */
export async function askAs(
  caller: Caller,
  token: string,
  changes: Readonly<Record<string, string | undefined>> = {},
): Promise<GatewayAnswer> {
  const headers = {
    authorization: `DPoP ${token}`,
    dpop: readProof(caller, token),
    'x-original-method': 'GET',
    'x-original-uri': READ_PATH,
    ...changes,
  };
  const sent = Object.entries(headers).filter((one): one is [string, string] => one[1] !== undefined);
  const { status, headers: told } = await fetch(`${caller.url}/forward-auth/orders`, { headers: sent });
  return { status, headers: told };
}

interface Gateway {
  readonly from: readonly string[];
  readonly dialect: 'original' | 'forwarded' | 'path';
  readonly body?: string;
  readonly request_id?: string;
}

let registered = 0;

/** Registers the gateway of the API anew; resolves when the broker goes by it, and answers us `expected`. */
export async function registerGateway(caller: Caller, gateway: Gateway, expected = 401): Promise<void> {
  const { keys, env } = caller.deployment;
  registered += 1;
  const mark = `https://api.example/metadata/${registered}`;
  const server = {
    id: 'orders',
    client_id: 'orders-api',
    resource: API,
    jwks: { keys: [keys.server.publicJwk] },
    forward_auth: { ...gateway, resource_metadata: mark },
  };
  await seedFiles({ 'resource-servers.yaml': JSON.stringify([server]) }, env);
  // A question without a token, in the words of every dialect, is answered with the mark of this registration.
  const url = `${caller.url}/forward-auth/orders${gateway.dialect === 'path' ? READ_PATH : ''}`;
  await eventually(async () => {
    const { status, headers } = await fetch(url, { headers: EVERY_DIALECT });
    return (
      status === expected &&
      (expected !== 401 || headers.get('www-authenticate')?.includes(`"${mark}"`) === true)
    );
  }, 5_000);
}

const EVERY_DIALECT = {
  'x-original-method': 'GET',
  'x-original-uri': READ_PATH,
  'x-forwarded-method': 'GET',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'api.example',
  'x-forwarded-uri': READ_PATH,
  'x-gateway-request': 'mark',
  'x-original-content-digest': 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
};
