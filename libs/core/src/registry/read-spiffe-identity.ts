import { readJwtSvidKey } from '../keys/spiffe-bundle.ts';
import { canonicalTargetUri, type UriRules } from '../operation/target-uri.ts';
import type { SpiffeIdentity } from './caller-authentication.ts';
import type { DocumentReader } from './document-reader.ts';
import { readSpiffeIdRule, type SpiffeIdRule } from './spiffe-id.ts';

const NOBODY: SpiffeIdRule = { trustDomain: '', segments: [''], isPrefix: false };

/** Reads the `spiffe` of a caller. What is wrong with it is noted in `document`. */
export function readSpiffeIdentity(document: DocumentReader, rules: UriRules): SpiffeIdentity {
  const read = document.part('spiffe', ['spiffe_id', 'spiffe_bundle_endpoint', 'bundle']);
  const rule = readSpiffeIdRule(read.text('spiffe_id', /^spiffe:\/\/.+$/));
  if (rule === null) {
    read.refuse(
      'spiffe_id',
      'must be like spiffe://prod.example/ns/pay/sa/refunder, the trust domain in lower case; /* may end it after a path',
    );
  }
  const id = rule ?? NOBODY;
  const { trustDomain } = id;
  const isFetched = read.has('spiffe_bundle_endpoint');
  if (isFetched === read.has('bundle')) {
    read.refuse('', 'must have one of spiffe_bundle_endpoint and bundle: keys come from nowhere else');
  }
  return {
    method: 'spiffe_jwt',
    id,
    keys: isFetched
      ? { id: trustDomain, bundleEndpoint: readEndpoint(read, rules) }
      : read.keys('bundle', readJwtSvidKey),
    algorithms: document.algorithms(),
    maxAssertionSeconds: document.wholeNumber('max_assertion_seconds', {
      least: 60,
      most: 86_400,
      fallback: 3600,
    }),
  };
}

function readEndpoint(read: DocumentReader, rules: UriRules): string {
  const endpoint = read.text('spiffe_bundle_endpoint', /^https?:\/\/[^\s#]+$/);
  if (endpoint !== '' && canonicalTargetUri(endpoint, rules) === null) {
    read.refuse('spiffe_bundle_endpoint', 'must be an https URL without userinfo');
  }
  return endpoint;
}
