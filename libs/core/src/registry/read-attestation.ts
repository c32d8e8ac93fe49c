import { canonicalTargetUri, type UriRules } from '../operation/target-uri.ts';
import type { Attestation } from './caller-authentication.ts';
import type { DocumentReader } from './document-reader.ts';

/** Reads the `attestation` of a client. What is wrong with it is noted in `document`. */
export function readAttestation(document: DocumentReader, rules: UriRules): Attestation {
  const read = document.part('attestation', ['issuer', 'jwks', 'posture']);
  const issuer = read.optionalText('issuer', /^https?:\/\/[^\s?#]+$/);
  if (issuer !== null && issuer !== '' && canonicalTargetUri(issuer, rules) === null) {
    read.refuse('issuer', 'must be an https URL without userinfo');
  }
  const takesPosture = read.flag('posture');
  if (takesPosture && issuer === null) {
    read.refuse('posture', 'needs an issuer: policies are told whose word it is');
  }
  const isPinned = read.has('jwks') || issuer === null;
  return {
    method: 'attest_jwt_client_auth',
    issuer,
    postureIssuer: takesPosture ? issuer : null,
    keys: isPinned ? read.keys('jwks') : { id: issuer, issuer },
    algorithms: document.algorithms(),
    maxAssertionSeconds: document.wholeNumber('max_assertion_seconds', {
      least: 60,
      most: 86_400,
      fallback: 86_400,
    }),
  };
}
