import { signJwt } from './sign-jwt.ts';
import type { SigningKey } from './signing-key.ts';

/** Long enough for one request over a bad line, too short to be of use to anybody who finds it. */
const LIFETIME_SECONDS = 50;

/** Says who calls the broker, for one request: each assertion is used once (RFC 7523 §3; the issuer as sole audience). */
export function makeClientAssertion(
  key: SigningKey,
  { clientId, issuer }: { clientId: string; issuer: string },
): Promise<string> {
  const iat = Math.floor(Date.now() / 1000);
  return signJwt(
    {
      header: { typ: 'client-authentication+jwt', ...(key.kid === null ? {} : { kid: key.kid }) },
      payload: {
        iss: clientId,
        sub: clientId,
        aud: issuer,
        jti: crypto.randomUUID(),
        iat,
        exp: iat + LIFETIME_SECONDS,
      },
    },
    key,
  );
}
