import { randomUUID } from 'node:crypto';
import type { Caller, Claims, Parameters } from './caller.ts';

const JWT_BEARER_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** An identity assertion (ID-JAG) for the client `desk`, as its identity provider gives it out. */
export function idJag({ deployment }: Caller, claims: Claims = {}, header: Claims = {}): string {
  const exp = Math.floor(Date.now() / 1000) + 300;
  return deployment.issuerServer.idToken(
    { aud: deployment.issuer, client_id: 'desk', jti: randomUUID(), exp, ...claims },
    { typ: 'oauth-id-jag+jwt', ...header },
  );
}

/** The parameters of a grant by assertion; the claims are the assertion's. */
export function granted(caller: Caller, claims: Claims = {}, changes: Parameters = {}): Parameters {
  return {
    grant_type: JWT_BEARER_GRANT,
    subject_token: undefined,
    subject_token_type: undefined,
    assertion: idJag(caller, claims),
    ...changes,
  };
}
