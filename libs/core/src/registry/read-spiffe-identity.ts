import type { UriRules } from '../operation/target-uri.ts';
import type { SpiffeIdentity } from './caller-authentication.ts';
import type { DocumentReader } from './document-reader.ts';
import { readSvidIssuer, SVID_ISSUER_MEMBERS } from './read-svid-issuer.ts';

/** Reads the `spiffe` of a caller. What is wrong with it is noted in `document`. */
export function readSpiffeIdentity(document: DocumentReader, rules: UriRules): SpiffeIdentity {
  return {
    method: 'spiffe_jwt',
    ...readSvidIssuer(document.part('spiffe', SVID_ISSUER_MEMBERS), rules),
    algorithms: document.algorithms(),
    maxAssertionSeconds: document.wholeNumber('max_assertion_seconds', SVID_LIFE),
  };
}

/** Longest life of an SVID, in seconds. */
const SVID_LIFE = { least: 60, most: 86_400, fallback: 3600 };
