import { Answer } from '../answer.ts';
import { Failure } from '../failure.ts';

/** What an ID token has to be about. */
export interface ExpectedIdToken {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
}

export interface ReadIdToken {
  readonly subject: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** That it is signed with, such as `ES256`. */
  readonly algorithm: string;
}

/**
 * Looks at an ID token that came straight from the token endpoint: whose it is, for whom, and that it answers this
 * sign-in (OpenID Connect Core §3.1.3.7). Its signature is the broker's to verify, each time it is exchanged.
 *
 * Fails  Failure when it is another one than was asked for
 */
export function readIdToken(idToken: string, { issuer, clientId, nonce }: ExpectedIdToken): ReadIdToken {
  const claims = partOf(idToken, 1);
  const audience = claims.at('aud').value;
  const isForUs = audience === clientId || (Array.isArray(audience) && audience.includes(clientId));
  if (claims.text('iss') !== issuer || !isForUs || claims.text('nonce') !== nonce)
    throw new Failure('the identity provider gave an ID token that was not asked for');
  const expiresAt = claims.number('exp');
  if (expiresAt <= Date.now() / 1000) throw new Failure('the identity provider gave an expired ID token');
  return { subject: claims.text('sub'), expiresAt, algorithm: partOf(idToken, 0).text('alg') };
}

/** The claims of an ID token that was verified, or will be, by somebody else. Fails  Failure when it is none */
export function readIdTokenClaims(idToken: string): Answer {
  return partOf(idToken, 1);
}

function partOf(idToken: string, at: 0 | 1): Answer {
  try {
    return new Answer(JSON.parse(Buffer.from(idToken.split('.')[at] ?? '', 'base64url').toString('utf8')));
  } catch {
    throw new Failure('the identity provider gave something else than an ID token');
  }
}
