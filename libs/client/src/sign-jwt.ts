import { base64url } from './base64.ts';
import type { SigningKey } from './signing-key.ts';

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A compact JWS (RFC 7515 §7.1); `alg` is the key's. */
export async function signJwt({ header, payload }: Jwt, key: SigningKey): Promise<string> {
  const signingInput = `${segment({ alg: key.alg, ...header })}.${segment(payload)}`;
  return `${signingInput}.${base64url(await key.sign(new TextEncoder().encode(signingInput)))}`;
}

function segment(part: Readonly<Record<string, unknown>>): string {
  return base64url(new TextEncoder().encode(JSON.stringify(part)));
}
