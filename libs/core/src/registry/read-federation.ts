import { canonicalTargetUri, type UriRules } from '../operation/target-uri.ts';
import { isJsonObject } from '../shared/strict-json.ts';
import type { Federation } from './caller-authentication.ts';
import { readClaimPath, type ClaimRule } from './claim-rules.ts';
import { escaped, isTexts, type DocumentReader } from './document-reader.ts';
import { missingTenantClaims } from './tenant-claims.ts';

const MAX_RULES = 16;
const MAX_VALUES = 16;

/** Claims that say nothing of who the workload is. `iss` and `aud` are checked without being ruled on. */
const NO_IDENTITY = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti']);

/** Reads the `federation` of a caller. What is wrong with it is noted in `document`. */
export function readFederation(document: DocumentReader, rules: UriRules): Federation {
  const read = document.part('federation', ['issuer', 'audience', 'claims', 'jwks']);
  const issuer = read.text('issuer', /^https?:\/\/[^\s?#]+$/);
  if (issuer !== '' && canonicalTargetUri(issuer, rules) === null) {
    read.refuse('issuer', 'must be an https URL without userinfo');
  }
  const claimRules = readRules(read);
  const missing = missingTenantClaims(issuer, claimRules);
  if (missing !== null && claimRules.length > 0) {
    read.refuse('claims', `must rule on ${missing.join(' or ')}: this issuer serves everybody`);
  }
  return {
    method: 'federation',
    issuer,
    audience: read.optionalText('audience', /^\S+$/),
    rules: claimRules,
    keys: read.has('jwks') ? read.keys('jwks') : { id: issuer, issuer },
    algorithms: document.algorithms(),
    maxAssertionSeconds: document.wholeNumber('max_assertion_seconds', {
      least: 60,
      most: 86_400,
      fallback: 3600,
    }),
  };
}

function readRules(read: DocumentReader): readonly ClaimRule[] {
  const claims = read.value('claims');
  const listed = isJsonObject(claims) ? Object.entries(claims) : [];
  if (listed.length === 0 || listed.length > MAX_RULES) {
    read.refuse(
      'claims',
      `must be an object of 1 to ${MAX_RULES} claims with the values that they must have`,
    );
  }
  return listed.flatMap(([name, value]) => {
    const path = readClaimPath(name);
    const values = typeof value === 'string' ? [value] : value;
    const fault = faultOf(path, values);
    if (fault !== null) read.refuse(`claims/${escaped(name)}`, fault);
    return path === null || !isTexts(values) ? [] : [{ path, values }];
  });
}

function faultOf(path: readonly string[] | null, values: unknown): string | null {
  if (path === null)
    return 'must be named by a claim, or by a JSON pointer of at most four steps to a member of one';
  const [first = '', more] = path;
  if (more === undefined && NO_IDENTITY.has(first)) return 'says nothing of who the workload is';
  if (!isTexts(values) || values.length === 0 || values.length > MAX_VALUES) {
    return `must be a string that is not empty, or a list of 1 to ${MAX_VALUES}`;
  }
  // Nobody's name has a star in it; whoever writes one means a pattern, and a pattern lets in more than was meant.
  return values.some((value) => value.includes('*')) ? 'must be exact: there are no wildcards' : null;
}
