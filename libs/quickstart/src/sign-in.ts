import { createHash, randomBytes } from 'node:crypto';
import { Browser } from './browser.ts';

/** The application that users of the toy identity provider sign in to: public, with PKCE. */
export interface SignInClient {
  readonly issuer: string;
  readonly clientId: string;
  /** How the user is to sign in, where it matters (RFC 9470 §4). */
  readonly acrValues?: readonly string[];
  readonly maxAgeSeconds?: number | null;
}

/**
 * Where the provider sends the browser back to. Nobody listens there: the headless browser reads the code out of
 * the address and does not follow (RFC 8252 §7.3 lets the port be any).
 */
export const REDIRECT_URI = 'http://127.0.0.1/callback';

const SCOPE = 'openid email groups';

/**
 * Signs a user in at the toy identity provider by the authorization-code flow with PKCE, without a screen: posts
 * the provider's own sign-in and consent forms (OpenID Connect Core §3.1, RFC 7636).
 *
 * Out    the ID token, a compact JWS
 * Fails  Error when the provider does not answer, does not know the user, or answers for another request
 */
export async function signIn(client: SignInClient, user: string): Promise<string> {
  const { issuer, clientId, acrValues = [], maxAgeSeconds = null } = client;
  const endpoints = await discover(issuer);
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const address = new URL(endpoints.authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    state,
    nonce: randomBytes(16).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    prompt: 'login consent',
    ...(acrValues.length === 0 ? {} : { acr_values: acrValues.join(' ') }),
    ...(maxAgeSeconds === null ? {} : { max_age: String(maxAgeSeconds) }),
  }).toString();

  const returned = await new Browser(REDIRECT_URI).visit(address, { login: user, password: 'toy' });
  const code = returned.searchParams.get('code');
  if (returned.searchParams.get('state') !== state || code === null) {
    throw new Error(`the identity provider did not sign ${user} in: ${reasonIn(returned)}`);
  }
  const response = await fetch(endpoints.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
    }),
  });
  const idToken = memberOf(await response.json(), 'id_token');
  if (idToken === null) throw new Error(`the identity provider gave no ID token (status ${response.status})`);
  return idToken;
}

async function discover(issuer: string): Promise<{ authorization_endpoint: string; token_endpoint: string }> {
  let document: unknown;
  try {
    document = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  } catch (cause) {
    throw new Error(`the identity provider at ${issuer} does not answer`, { cause });
  }
  const authorizationEndpoint = memberOf(document, 'authorization_endpoint');
  const tokenEndpoint = memberOf(document, 'token_endpoint');
  if (authorizationEndpoint === null || tokenEndpoint === null || memberOf(document, 'issuer') !== issuer) {
    throw new Error(`${issuer} is not an OpenID provider`);
  }
  return { authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint };
}

function memberOf(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const member: unknown = Reflect.get(value, name);
  return typeof member === 'string' ? member : null;
}

function reasonIn(returned: URL): string {
  return (
    returned.searchParams.get('error_description') ??
    returned.searchParams.get('error') ??
    'no code came back'
  );
}
