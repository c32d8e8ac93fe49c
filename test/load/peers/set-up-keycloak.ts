import { randomBytes } from 'node:crypto';
import { request } from 'undici';
import { TOKEN_EXCHANGE } from '../../support/deployment/caller.ts';
import type { PeerFile } from './endpoint-peer.ts';
import type { KeycloakAdmin } from './keycloak-admin.ts';

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const REALM = 'oncekey-bench';
const USER = 'bench';

/** Long enough for a measurement: the subject token is the same all the time. */
const LIFE_SECONDS = 3_600;

/**
 * A realm with three clients for standard token exchange (Keycloak 26.2 and later): a user signs in at `initial`, whose
 * token `requester` exchanges for one that `target` may introspect. A realm of that name is deleted first.
 *
 * Out    how the peers' runner drives it
 * Fails  Error with what Keycloak answered
 */
export async function setUpKeycloak(admin: KeycloakAdmin, url: string): Promise<PeerFile> {
  const [password, ofInitial, ofRequester, ofTarget] = [secret(), secret(), secret(), secret()];
  await admin.remove(`/realms/${REALM}`);
  await admin.create('/realms', {
    realm: REALM,
    enabled: true,
    sslRequired: 'none',
    accessTokenLifespan: LIFE_SECONDS,
    ssoSessionIdleTimeout: LIFE_SECONDS,
  });
  const clients = `/realms/${REALM}/clients`;
  await admin.create(clients, { ...client('target', ofTarget), serviceAccountsEnabled: true });
  await admin.create(clients, {
    ...client('requester', ofRequester),
    attributes: { 'standard.token.exchange.enabled': 'true' },
    protocolMappers: [audience('target')],
  });
  await admin.create(clients, {
    ...client('initial', ofInitial),
    directAccessGrantsEnabled: true,
    // A token may be exchanged by those whom it is for.
    protocolMappers: [audience('requester')],
  });
  await admin.create(`/realms/${REALM}/users`, {
    username: USER,
    enabled: true,
    emailVerified: true,
    email: 'bench@example.com',
    firstName: 'Bench',
    lastName: 'User',
    credentials: [{ type: 'password', value: password, temporary: false }],
  });
  const endpoint = `${url.replace(/\/$/, '')}/realms/${REALM}/protocol/openid-connect/token`;
  return {
    name: 'Keycloak, standard token exchange',
    token_endpoint: endpoint,
    introspection_endpoint: `${endpoint}/introspect`,
    client: { client_id: 'requester', client_secret: ofRequester },
    introspecting_client: { client_id: 'target', client_secret: ofTarget },
    parameters: {
      grant_type: TOKEN_EXCHANGE,
      subject_token: await signIn(endpoint, { client_secret: ofInitial, password }),
      subject_token_type: ACCESS_TOKEN,
      requested_token_type: ACCESS_TOKEN,
      audience: 'target',
    },
    writes: 'nothing for the token, it is signed',
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Confidential, and with no flow but those that are turned on. */
function client(clientId: string, clientSecret: string): object {
  return {
    clientId,
    secret: clientSecret,
    protocol: 'openid-connect',
    enabled: true,
    publicClient: false,
    clientAuthenticatorType: 'client-secret',
    standardFlowEnabled: false,
    directAccessGrantsEnabled: false,
  };
}

/** Puts a client into the audience of access tokens. */
function audience(clientId: string): object {
  return {
    name: `audience ${clientId}`,
    protocol: 'openid-connect',
    protocolMapper: 'oidc-audience-mapper',
    config: { 'included.client.audience': clientId, 'access.token.claim': 'true' },
  };
}

/** The user's access token. */
async function signIn(
  endpoint: string,
  { client_secret, password }: { readonly client_secret: string; readonly password: string },
): Promise<string> {
  const form = { grant_type: 'password', client_id: 'initial', client_secret, username: USER, password };
  const { statusCode, body } = await request(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`the user was not signed in: ${statusCode} ${text.slice(0, 200)}`);
  return (JSON.parse(text) as { access_token: string }).access_token;
}
