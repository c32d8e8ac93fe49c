import { base64url } from './base64.ts';
import { sha256 } from './sha256.ts';
import { signJwt } from './sign-jwt.ts';
import type { SigningKey } from './signing-key.ts';

export interface ProvenRequest {
  readonly method: string;
  /** Without query and fragment. */
  readonly htu: string;
  readonly nonce?: string | null;
  /** The token that the request carries; its hash goes into the proof. */
  readonly accessToken?: string;
}

/** Proves, for one request, that the caller holds the device key (RFC 9449 §4.2). */
export async function makeDpopProof(
  key: SigningKey,
  { method, htu, nonce, accessToken }: ProvenRequest,
): Promise<string> {
  return signJwt(
    {
      header: { typ: 'dpop+jwt', jwk: key.publicJwk },
      payload: {
        jti: crypto.randomUUID(),
        htm: method,
        htu,
        iat: Math.floor(Date.now() / 1000),
        ...(nonce ? { nonce } : {}),
        ...(accessToken === undefined ? {} : { ath: base64url(await sha256(accessToken)) }),
      },
    },
    key,
  );
}
