import { createHash, randomBytes } from 'node:crypto';
import { Answer } from '../answer.ts';
import { EXIT, Failure } from '../failure.ts';
import type { Profile } from '../profile/profile.ts';
import type { Terminal } from '../terminal.ts';
import { discoverProvider, type ProviderEndpoints } from './discover-provider.ts';
import { listenOnLoopback } from './loopback-listener.ts';
import { openBrowser } from './open-browser.ts';
import { readIdToken, type ReadIdToken } from './read-id-token.ts';

/** How the user is to sign in, where it matters (RFC 9470 §4). */
export interface SignInWishes {
  readonly acrValues?: string;
  readonly maxAge?: number;
  /** False: the URL is only printed. */
  readonly browser?: boolean;
}

export type SignedIn = ReadIdToken & { readonly idToken: string };

/** As long as a code from a mail may take to arrive. */
const PATIENCE_MS = 300_000;
const TIMEOUT_MS = 10_000;

/**
 * Signs the user in with their own browser: authorization code with PKCE, back over the loopback interface (RFC 8252).
 *
 * Fails  Failure when nobody signs in, or the provider says no or something else than was asked
 */
export async function signInWithBrowser(
  terminal: Pick<Terminal, 'remark'>,
  provider: Profile['provider'],
  wishes: SignInWishes,
): Promise<SignedIn> {
  const endpoints = await discoverProvider(provider.issuer);
  const [state, nonce, verifier] = [random(), random(), random()];
  const listener = await listenOnLoopback();
  try {
    const address = new URL(endpoints.authorization);
    for (const [name, value] of Object.entries({
      response_type: 'code',
      client_id: provider.clientId,
      redirect_uri: listener.redirectUri,
      scope: provider.scope,
      state,
      nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...(wishes.acrValues === undefined ? {} : { acr_values: wishes.acrValues }),
      ...(wishes.maxAge === undefined ? {} : { max_age: String(wishes.maxAge) }),
    })) {
      address.searchParams.set(name, value);
    }
    terminal.remark(`sign in here: ${address.href}`);
    const answer = listener.answer(state, PATIENCE_MS);
    if (wishes.browser !== false) openBrowser(address.href);
    const code = codeIn(await answer, provider.issuer, endpoints);
    const idToken = await redeem(endpoints, provider, { code, verifier, redirectUri: listener.redirectUri });
    return { idToken, ...readIdToken(idToken, { ...provider, nonce }) };
  } finally {
    listener.close();
  }
}

function codeIn(answer: URLSearchParams, issuer: string, { namesItself }: ProviderEndpoints): string {
  const code = answer.get('code');
  if (code === null) {
    const said = answer.get('error_description') ?? answer.get('error') ?? 'no code came back';
    throw new Failure(`the identity provider did not sign you in: ${said}`);
  }
  // RFC 9207: the answer of another provider is not mixed up with this one's.
  const from = answer.get('iss');
  if (from === null ? namesItself : from !== issuer) {
    throw new Failure('the answer is from another identity provider');
  }
  return code;
}

async function redeem(
  { token }: ProviderEndpoints,
  { clientId }: Profile['provider'],
  { code, verifier, redirectUri }: { code: string; verifier: string; redirectUri: string },
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(token, { method: 'POST', body, redirect: 'error', signal }).catch(
    (cause: unknown) => {
      throw new Failure('the identity provider does not answer', EXIT.unavailable, { cause });
    },
  );
  const answer = new Answer(await response.json().catch(() => null));
  const idToken = answer.text('id_token');
  if (idToken !== '') return idToken;
  const said = answer.text('error_description') || answer.text('error') || `status ${response.status}`;
  throw new Failure(`the identity provider gave no ID token: ${said}`);
}

function random(): string {
  return randomBytes(32).toString('base64url');
}
