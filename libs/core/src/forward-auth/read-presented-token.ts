import { headerValues, type HttpFacts } from '../form/http-facts.ts';
import { inactive, type Inactive } from '../introspection/inactive.ts';

export interface PresentedToken {
  readonly token: string;
  readonly dpopProof: string | null;
}

const AUTHORIZATION = /^(dpop|bearer) +([A-Za-z0-9\-._~+/]+=*)$/i;
const OURS = /^(?:dpop|bearer)(?:$|[ ,])/i;

/**
 * Finds the one token of the original request and the proof that goes with it; what can be read in two ways is none.
 *
 * Spec   RFC 9449 §7.1, §4.3-1; RFC 6750 §2.1
 */
export function readPresentedToken(http: Pick<HttpFacts, 'rawHeaders'>): PresentedToken | Inactive {
  const [authorization, another] = headerValues(http, 'authorization');
  const [proof, anotherProof] = headerValues(http, 'dpop');
  if (another !== undefined || anotherProof !== undefined) return inactive('token.ambiguous');
  if (authorization === undefined || !OURS.test(authorization)) return inactive('token.missing');
  const [, scheme, token] = AUTHORIZATION.exec(authorization) ?? [];
  if (scheme === undefined || token === undefined) return inactive('token.ambiguous');
  if (scheme.toLowerCase() === 'dpop') {
    return proof === undefined ? inactive('token.proof_missing') : { token, dpopProof: proof };
  }
  return proof === undefined ? { token, dpopProof: null } : inactive('token.ambiguous');
}
