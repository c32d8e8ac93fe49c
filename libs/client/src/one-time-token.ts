import type { BrokerAnswer } from './fetch-from-broker.ts';
import { OncekeyError, type StepUp } from './oncekey-error.ts';

/** Permission to do one thing once, within seconds. */
export interface OneTimeToken {
  /** A secret until it is spent. */
  readonly accessToken: string;
  readonly tokenType: 'DPoP';
  readonly issuedTokenType: string;
  readonly expiresInSeconds: number;
  /** The operation as the broker understood it (RFC 9396 §7). */
  readonly authorizationDetails: readonly unknown[];
  /** What the broker's audit log calls the transaction; null where the broker does not tell. */
  readonly txn: string | null;
}

const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * The token in the answer of the token endpoint. One that is not bound to the device key is not taken: whoever saw
 * it could use it.
 *
 * Fails  OncekeyError with the broker's code, or `unexpected_answer`
 * Spec   RFC 8693 §2.2; RFC 9449 §5
 */
export function readOneTimeToken(answer: BrokerAnswer): OneTimeToken {
  const { status, json } = answer;
  if (status !== 200) throw refusalOf(answer);
  const accessToken = json?.['access_token'];
  const tokenType = json?.['token_type'];
  const issuedTokenType = json?.['issued_token_type'];
  const expiresInSeconds = json?.['expires_in'];
  const authorizationDetails: unknown = json?.['authorization_details'];
  const txn = json?.['txn'];
  if (typeof tokenType !== 'string' || tokenType.toLowerCase() !== 'dpop') {
    throw new OncekeyError('unexpected_answer', {
      status,
      description: 'the token is not bound to the device key',
    });
  }
  if (
    typeof accessToken !== 'string' ||
    !TOKEN.test(accessToken) ||
    typeof issuedTokenType !== 'string' ||
    typeof expiresInSeconds !== 'number' ||
    !Array.isArray(authorizationDetails)
  ) {
    throw new OncekeyError('unexpected_answer', {
      status,
      description: 'the answer is not a token response',
    });
  }
  return {
    accessToken,
    tokenType: 'DPoP',
    issuedTokenType,
    expiresInSeconds,
    authorizationDetails,
    txn: typeof txn === 'string' ? txn : null,
  };
}

function refusalOf({ status, headers, json }: BrokerAnswer): OncekeyError {
  const code = json?.['error'];
  const description = json?.['error_description'];
  const facts = {
    status,
    reasonId: headers.get('oncekey-reason-id'),
    retryAfterSeconds: readRetryAfter(headers),
  };
  if (typeof code !== 'string') {
    return status === 503
      ? new OncekeyError('temporarily_unavailable', facts)
      : new OncekeyError('unexpected_answer', {
          ...facts,
          description: `status ${status} without an OAuth error`,
        });
  }
  return new OncekeyError(code, {
    ...facts,
    description: typeof description === 'string' ? description : undefined,
    stepUp: code === 'insufficient_user_authentication' ? readStepUp(json ?? {}) : null,
  });
}

function readStepUp({ acr_values: acrValues, max_age: maxAge }: Readonly<Record<string, unknown>>): StepUp {
  return {
    acrValues: typeof acrValues === 'string' ? acrValues.split(' ').filter((value) => value !== '') : [],
    maxAgeSeconds: typeof maxAge === 'number' ? maxAge : null,
  };
}

function readRetryAfter(headers: Headers): number | null {
  const value = headers.get('retry-after');
  return value !== null && /^[0-9]{1,6}$/.test(value) ? Number(value) : null;
}
