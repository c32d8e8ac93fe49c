import type { ClaimRule } from './claim-rules.ts';

/**
 * Issuers that serve everybody. A rule about a branch or an environment alone would let in all their customers; so
 * would a name that can be given up and registered again by somebody else. One of these claims has to be ruled on.
 */
const TENANT_CLAIMS: readonly { readonly issuer: RegExp; readonly claims: readonly string[] }[] = [
  {
    issuer: /^https:\/\/token\.actions\.githubusercontent\.com(?:\/|$)/,
    claims: ['repository_id', 'repository_owner_id'],
  },
  { issuer: /^https:\/\/gitlab\.com\/?$/, claims: ['project_id', 'namespace_id'] },
  { issuer: /^https:\/\/accounts\.google\.com\/?$/, claims: ['sub'] },
];

/** The claims of which one is missing from the rules; null when nothing is. */
export function missingTenantClaims(issuer: string, rules: readonly ClaimRule[]): readonly string[] | null {
  const known = TENANT_CLAIMS.find((one) => one.issuer.test(issuer));
  if (known === undefined) return null;
  const isRuled = rules.some(
    ({ path: [name, more] }) => more === undefined && known.claims.includes(name ?? ''),
  );
  return isRuled ? null : known.claims;
}
