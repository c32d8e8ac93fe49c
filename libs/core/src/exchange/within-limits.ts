import { OAuthError } from '../errors/oauth-error.ts';
import { isSameContent } from '../operation/content-digest.ts';
import type { RequestedOperation } from '../operation/http-operation.ts';
import { canonicalTargetUri, type UriRules } from '../operation/target-uri.ts';
import type { ExchangeRequest } from './exchange-request.ts';
import type { AssertedLimits } from './id-jag.ts';

type Asked = Pick<ExchangeRequest, 'resources' | 'operation' | 'scope'>;

/**
 * What the client asks for, within what its identity assertion allows. Where the client does not say, it is what the
 * assertion names; where both do, the client may ask for less and never for something else.
 *
 * Fails  assertion.other_resource | assertion.other_scope | assertion.other_operation
 */
export function withinLimits(asked: Asked, limits: AssertedLimits | null, rules: UriRules): Asked {
  if (limits === null) return asked;
  const operation = asked.operation ?? limits.operation;
  const [onlyScope, anotherScope] = limits.scopes ?? [];
  const named = operation === null && anotherScope === undefined ? (onlyScope ?? null) : null;
  const scope = asked.scope ?? named;
  const resources = asked.resources.length > 0 ? asked.resources : (limits.resources ?? []);

  const canonical = (uri: string): string | null => canonicalTargetUri(uri, rules)?.href ?? null;
  const allowed = limits.resources?.map(canonical);
  if (allowed !== undefined && !resources.every((one) => allowed.includes(canonical(one)))) {
    throw new OAuthError('assertion.other_resource');
  }
  if (
    limits.operation !== null &&
    !isWithinOperation(asked.operation ?? limits.operation, limits.operation, rules)
  ) {
    throw new OAuthError('assertion.other_operation');
  }
  // An operation that is named by its URI is held against the scopes once the catalog has told its id.
  if (limits.operation !== null && asked.operation === null && asked.scope !== null) {
    throw new OAuthError('assertion.other_operation', 'an exact operation was granted');
  }
  if (scope !== null && limits.scopes?.includes(scope) === false)
    throw new OAuthError('assertion.other_scope');
  return { resources, operation, scope };
}

function isWithinOperation(asked: RequestedOperation, granted: RequestedOperation, rules: UriRules): boolean {
  const same = (a: string, b: string): boolean => {
    const uri = canonicalTargetUri(a, rules)?.href;
    return uri !== undefined && uri === canonicalTargetUri(b, rules)?.href;
  };
  const { contentDigest, contentType } = granted;
  return (
    asked.method === granted.method &&
    same(asked.location, granted.location) &&
    same(asked.targetUri, granted.targetUri) &&
    (contentDigest === null ||
      (asked.contentDigest !== null && isSameContent(contentDigest, asked.contentDigest))) &&
    (contentType === null || asked.contentType === contentType)
  );
}
