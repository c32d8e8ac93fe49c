import { fetchFromBroker } from '../fetch-from-broker.ts';
import { OncekeyError } from '../oncekey-error.ts';
import { isConfidential } from '../target-uri.ts';
import { readToken, untilExpiry, type TokenSource } from '../token-source.ts';
import type { Environment } from './token-from-variable.ts';

export interface GithubActionsTokenOptions {
  /** The issuer of the broker for `clientToken`; for `subjectToken`, what is registered as audience. */
  readonly audience: string;
  readonly fetch?: typeof globalThis.fetch;
}

const TIMEOUT_MS = 10_000;
const URL_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const TOKEN_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';

/**
 * The ID token of a job of GitHub Actions, which has it where its permissions say `id-token: write`. GitHub is asked
 * again when the last token ends within a minute.
 *
 * Fails  OncekeyError `no_token`
 */
export function githubActionsToken(
  env: Environment,
  { audience, fetch = globalThis.fetch }: GithubActionsTokenOptions,
): TokenSource {
  return untilExpiry(async () => {
    const requestToken = env[TOKEN_VARIABLE];
    const requestUrl = env[URL_VARIABLE] ?? '';
    if (requestToken === undefined || !URL.canParse(requestUrl) || !isConfidential(new URL(requestUrl))) {
      const description = `${URL_VARIABLE} and ${TOKEN_VARIABLE} are not set: does the job have id-token: write?`;
      throw new OncekeyError('no_token', { description });
    }
    const url = new URL(requestUrl);
    url.searchParams.set('audience', audience);
    return ask(url, requestToken, fetch);
  });
}

async function ask(url: URL, requestToken: string, fetch: typeof globalThis.fetch): Promise<string> {
  const headers = { accept: 'application/json', authorization: `Bearer ${requestToken}` };
  try {
    const { status, json } = await fetchFromBroker({ fetch, timeoutMs: TIMEOUT_MS }, url.href, { headers });
    return readToken(status === 200 ? json?.['value'] : null, `GitHub, with status ${status},`);
  } catch (cause) {
    if (cause instanceof OncekeyError && cause.code === 'no_token') throw cause;
    throw new OncekeyError('no_token', { description: 'GitHub did not answer', cause });
  }
}
