import { headerValues, type RawHeaders } from './raw-headers.ts';
import type { RefusalReason } from './refusals.ts';

/** What a request presents, not yet believed. */
export interface Credentials {
  readonly scheme: 'DPoP' | 'Bearer';
  readonly token: string;
  /** Null with `Bearer`. */
  readonly proof: string | null;
}

/** RFC 9110 §11.4: a scheme in any case, blanks, a token68. */
const AUTHORIZATION = /^(dpop|bearer) +([A-Za-z0-9\-._~+/]+=*)$/i;
const OURS = /^(?:dpop|bearer)(?:$|[ ,])/i;
const PROOF = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * Finds the one token of a request and the proof that goes with it. Whatever could be read in two ways is refused.
 *
 * In     query        with its `?`, or empty
 * Spec   RFC 9449 §7.1, §4.3-1; RFC 6750 §2, §3.1
 */
export function readCredentials(
  rawHeaders: RawHeaders,
  query: string,
  { acceptBearer }: { acceptBearer: boolean },
): Credentials | RefusalReason {
  if (holdsToken(query)) return 'token_in_query';
  const [authorization, another] = headerValues(rawHeaders, 'authorization');
  const [proof, anotherProof] = headerValues(rawHeaders, 'dpop');
  if (another !== undefined || anotherProof !== undefined) return 'several_credentials';
  if (authorization === undefined || !OURS.test(authorization)) return 'no_credentials';
  const parts = AUTHORIZATION.exec(authorization);
  if (parts === null) return 'malformed_credentials';
  const [, scheme = '', token = ''] = parts;

  if (scheme.toLowerCase() === 'bearer') {
    if (proof !== undefined) return 'several_credentials';
    return acceptBearer ? { scheme: 'Bearer', token, proof: null } : 'bearer_refused';
  }
  if (proof === undefined) return 'proof_missing';
  return PROOF.test(proof) ? { scheme: 'DPoP', token, proof } : 'proof_malformed';
}

/** A token in a URL is in every log between here and the caller. */
function holdsToken(query: string): boolean {
  if (query === '') return false;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name.toLowerCase() === 'access_token' || value.startsWith('once_eyJ')) return true;
  }
  return false;
}
