import * as oauth from 'oauth4webapi';
import { OncekeyError, type StepUp } from '../oncekey-error.ts';
import { isConfidential } from '../target-uri.ts';
import { expiryOf } from '../token-source.ts';
import { answerWith } from './sign-in-channel.ts';
import type { SignInWindow } from './window.ts';

declare const window: SignInWindow;

export interface SignInOptions {
  /** Of the identity provider. */
  readonly issuer: string;
  /** Of this page at the identity provider: a public client with PKCE. */
  readonly clientId: string;
  /** A page of this origin that calls `finishSignIn`. */
  readonly redirectUri: string;
  /** Default `openid`. */
  readonly scope?: string;
  /** How long a user may take. Default five minutes. */
  readonly timeoutMs?: number;
}

export interface SignIn {
  /** For `subjectToken`: the ID token of the last sign-in while it is fresh; otherwise of a new one. */
  readonly idToken: () => Promise<string>;
  /** For `onStepUp`: signs in once more, as is demanded. */
  readonly again: (stepUp: StepUp) => Promise<string>;
}

const TIMEOUT_MS = 300_000;
/** A broker takes no ID token that is much older. */
const FRESH_FOR_MS = 1_800_000;
const SPARE_MS = 60_000;

/**
 * Signs the user in at an OpenID provider, in a window of its own, with an authorization code and PKCE. The ID token is
 * kept in memory alone. A browser opens windows only soon after a click: call `idToken` then.
 *
 * Fails  OncekeyError `sign_in_failed`, with what went wrong as its cause
 * Spec   RFC 6749 §4.1; RFC 7636; RFC 9207; OpenID Connect Core §3.1
 */
export function signInByPopup(options: SignInOptions): SignIn {
  let last: { token: Promise<string>; atMs: number } | null = null;

  function start(stepUp: StepUp | null): Promise<string> {
    const mine = { token: signIn(options, stepUp), atMs: Date.now() };
    last = mine;
    mine.token.catch(() => {
      if (last === mine) last = null;
    });
    return mine.token;
  }

  async function idToken(): Promise<string> {
    const mine = last;
    if (mine === null) return start(null);
    const token = await mine.token;
    const untilMs = Math.min((expiryOf(token) ?? 0) - SPARE_MS, mine.atMs + FRESH_FOR_MS);
    if (Date.now() < untilMs) return token;
    return last === mine ? start(null) : idToken();
  }

  return { idToken, again: start };
}

async function signIn(options: SignInOptions, stepUp: StepUp | null): Promise<string> {
  const popup = window.open('about:blank', 'oncekey-sign-in', 'popup,width=480,height=640');
  if (popup === null) throw failed('the browser opens no window', null);
  try {
    return await signInWith(popup, options, stepUp);
  } catch (cause) {
    if (cause instanceof OncekeyError) throw cause;
    throw failed('the provider gave no ID token', cause);
  } finally {
    popup.close();
  }
}

async function signInWith(
  popup: SignInWindow,
  {
    issuer: issuerText,
    clientId: client_id,
    redirectUri,
    scope = 'openid',
    timeoutMs = TIMEOUT_MS,
  }: SignInOptions,
  stepUp: StepUp | null,
): Promise<string> {
  const issuer = new URL(issuerText);
  if (!isConfidential(issuer)) throw failed('the issuer has to be https', null);
  const insecure = { [oauth.allowInsecureRequests]: issuer.protocol === 'http:' };
  const found = await oauth.discoveryRequest(issuer, insecure);
  const provider = await oauth.processDiscoveryResponse(issuer, found);
  if (provider.authorization_endpoint === undefined) throw failed('the provider signs nobody in', null);

  const [verifier, state, nonce] = [
    oauth.generateRandomCodeVerifier(),
    oauth.generateRandomState(),
    oauth.generateRandomNonce(),
  ];
  const url = new URL(provider.authorization_endpoint);
  const parameters = {
    response_type: 'code',
    client_id,
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(stepUp !== null && stepUp.acrValues.length > 0 ? { acr_values: stepUp.acrValues.join(' ') } : {}),
    ...(stepUp?.maxAgeSeconds == null ? {} : { max_age: String(stepUp.maxAgeSeconds) }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);

  const answer = answerWith(state, timeoutMs);
  popup.location.href = url.href;
  const client = { client_id };
  const code = oauth.validateAuthResponse(provider, client, await answer, state);
  const response = await oauth.authorizationCodeGrantRequest(
    provider,
    client,
    oauth.None(),
    code,
    redirectUri,
    verifier,
    insecure,
  );
  const { id_token: idToken } = await oauth.processAuthorizationCodeResponse(provider, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
    ...(stepUp?.maxAgeSeconds == null ? {} : { maxAge: stepUp.maxAgeSeconds }),
  });
  if (idToken === undefined) throw failed('the provider gave no ID token', null);
  return idToken;
}

function failed(description: string, cause: unknown): OncekeyError {
  return new OncekeyError('sign_in_failed', { description, ...(cause === null ? {} : { cause }) });
}
