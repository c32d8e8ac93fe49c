import { Answer } from '../answer.ts';
import { EXIT, Failure } from '../failure.ts';

export interface ProviderEndpoints {
  readonly authorization: string;
  readonly token: string;
  /** It names itself in its answers (RFC 9207). */
  readonly namesItself: boolean;
}

const TIMEOUT_MS = 10_000;

/**
 * Finds out where an identity provider signs users in (OpenID Connect Discovery 1.0 §4).
 *
 * Fails  Failure when it does not answer, speaks for another issuer, or would be spoken to over plain http
 */
export async function discoverProvider(issuer: string): Promise<ProviderEndpoints> {
  if (!isConfidential(issuer)) throw new Failure(`${issuer} is no https URL`, EXIT.usage);
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  let document: Answer;
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    document = new Answer(await response.json());
  } catch (cause) {
    throw new Failure(`the identity provider at ${issuer} does not answer`, EXIT.unavailable, { cause });
  }
  const authorization = document.text('authorization_endpoint');
  const token = document.text('token_endpoint');
  if (document.text('issuer') !== issuer || !isConfidential(authorization) || !isConfidential(token)) {
    throw new Failure(`${issuer} is not an OpenID provider of this name`);
  }
  return {
    authorization,
    token,
    namesItself: document.isTrue('authorization_response_iss_parameter_supported'),
  };
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

function isConfidential(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}
