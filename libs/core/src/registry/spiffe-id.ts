/** A workload's name in a trust domain: `spiffe://prod.example/ns/pay/sa/refunder`. */
export interface SpiffeId {
  readonly trustDomain: string;
  /** At least one. */
  readonly segments: readonly string[];
}

/** One workload, or all below a path. */
export interface SpiffeIdRule extends SpiffeId {
  /** `spiffe://prod.example/ns/pay/*`: anything that has more segments than these. */
  readonly isPrefix: boolean;
}

/** What a trust domain is called where others have an issuer. No identity provider can be called so: they are URLs. */
export function trustDomainIssuer(trustDomain: string): string {
  return `${SCHEME}${trustDomain}`;
}

/** The trust domain that is called so; null when none can be. Spec  SPIFFE-ID §2.1 */
export function readTrustDomain(issuer: string): string | null {
  return /^spiffe:\/\/([a-z0-9._-]{1,255})$/.exec(issuer)?.[1] ?? null;
}

/** Its subjects are workloads, and everybody else's are users. */
export function isTrustDomainIssuer(issuer: string): boolean {
  return issuer.startsWith(SCHEME);
}

const SCHEME = 'spiffe://';

const SPIFFE_ID = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/[A-Za-z0-9._-]+)+)$/;

/**
 * Reads the SPIFFE ID of a workload, in the one spelling that it has: nothing is lower-cased or decoded, so that two
 * spellings are two names. Null for a trust domain without path, too: it is nobody's name.
 *
 * Spec   SPIFFE-ID §2
 */
export function readSpiffeId(value: unknown): SpiffeId | null {
  if (typeof value !== 'string' || value.length > 2048) return null;
  const [, trustDomain, path] = SPIFFE_ID.exec(value) ?? [];
  if (trustDomain === undefined || path === undefined) return null;
  const segments = path.slice(1).split('/');
  return segments.some((one) => one === '.' || one === '..') ? null : { trustDomain, segments };
}

/** A SPIFFE ID as registrations have it, where `/*` at the end stands for one segment or more. */
export function readSpiffeIdRule(value: string): SpiffeIdRule | null {
  const isPrefix = value.endsWith('/*');
  const id = readSpiffeId(isPrefix ? value.slice(0, -2) : value);
  return id === null ? null : { ...id, isPrefix };
}

/** Whole segments are compared: `/ns/ab` does not lie below `/ns/a`. */
export function isWithinSpiffeId(id: SpiffeId, rule: SpiffeIdRule): boolean {
  const { length } = rule.segments;
  if (id.trustDomain !== rule.trustDomain) return false;
  if (rule.isPrefix ? id.segments.length <= length : id.segments.length !== length) return false;
  return rule.segments.every((segment, at) => id.segments[at] === segment);
}
