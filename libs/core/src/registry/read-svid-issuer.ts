import { readJwtSvidKey } from '../keys/spiffe-bundle.ts';
import { canonicalTargetUri, type UriRules } from '../operation/target-uri.ts';
import type { KeySource } from './caller-authentication.ts';
import type { DocumentReader } from './document-reader.ts';
import { readSpiffeIdRule, type SpiffeIdRule } from './spiffe-id.ts';

export const SVID_ISSUER_MEMBERS = ['spiffe_id', 'spiffe_bundle_endpoint', 'bundle'] as const;

const NOBODY: SpiffeIdRule = { trustDomain: '', segments: [''], isPrefix: false };

/** Which SPIFFE IDs are meant, and whose keys say so. What is wrong is noted in `read`. */
export function readSvidIssuer(read: DocumentReader, rules: UriRules): { id: SpiffeIdRule; keys: KeySource } {
  const rule = readSpiffeIdRule(read.text('spiffe_id', /^spiffe:\/\/.+$/));
  if (rule === null) {
    read.refuse(
      'spiffe_id',
      'must be like spiffe://prod.example/ns/pay/sa/refunder, the trust domain in lower case; /* may end it after a path',
    );
  }
  const id = rule ?? NOBODY;
  const isFetched = read.has('spiffe_bundle_endpoint');
  if (isFetched === read.has('bundle')) {
    read.refuse('', 'must have one of spiffe_bundle_endpoint and bundle: keys come from nowhere else');
  }
  const keys = isFetched
    ? { id: id.trustDomain, bundleEndpoint: readEndpoint(read, rules) }
    : read.keys('bundle', readJwtSvidKey);
  return { id, keys };
}

function readEndpoint(read: DocumentReader, rules: UriRules): string {
  const endpoint = read.text('spiffe_bundle_endpoint', /^https?:\/\/[^\s#]+$/);
  if (endpoint !== '' && canonicalTargetUri(endpoint, rules) === null) {
    read.refuse('spiffe_bundle_endpoint', 'must be an https URL without userinfo');
  }
  return endpoint;
}
