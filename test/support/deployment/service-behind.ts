import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { Caller } from './caller.ts';

/** A service behind an API: it has the broker's keys from before, and asks nobody. */
export async function serviceBehind({
  url,
  deployment,
}: Caller): Promise<{ verify(transactionToken: string): Promise<JWTPayload> }> {
  const keys = createLocalJWKSet((await (await fetch(`${url}/jwks`)).json()) as JSONWebKeySet);
  return {
    verify: async (transactionToken) => {
      const { payload } = await jwtVerify(transactionToken, keys, {
        typ: 'txntoken+jwt',
        audience: deployment.issuer,
        algorithms: ['ES256'],
        requiredClaims: ['iat', 'exp', 'aud', 'txn', 'sub', 'scope', 'req_wl'],
      });
      return payload;
    },
  };
}
