import type { Refusal } from './decision.ts';
import { REFUSALS, type RefusalReason } from './refusals.ts';

/** Of proofs, the preferred one first. */
export const ALGORITHMS = ['ES256', 'PS256', 'EdDSA'] as const;

/** What happened besides, as far as it is known. */
export interface RefusalFacts {
  /** From the broker; a header that the caller may show to whoever can look it up. */
  readonly reasonId?: string | null;
  readonly cause?: Error;
  /** How long the broker asks to be left alone; null or absent when it does not say. */
  readonly retryAfterMs?: number | null;
  /** Where the resource server describes itself (RFC 9728 §5.1). */
  readonly metadataUrl?: string | null;
  /** More of the challenge, name to value; no quotes in either. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Renders a refusal (RFC 9449 §7.1, RFC 6750 §3, RFC 9470 §3, RFC 9728 §5.1). */
export function refuse(reason: RefusalReason, facts: RefusalFacts = {}): Refusal {
  const { status, error, says } = REFUSALS[reason];
  const { reasonId, cause } = facts;
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  if (status === 401 || status === 403) headers['www-authenticate'] = challenge(reason, facts);
  if (status === 413) headers['connection'] = 'close';
  if (status === 503)
    headers['retry-after'] = String(Math.max(1, Math.ceil((facts.retryAfterMs ?? 0) / 1000)));
  if (reasonId) headers['oncekey-reason-id'] = reasonId;
  return { reason, status, headers, body: { error, error_description: says }, cause: cause ?? null };
}

function challenge(reason: RefusalReason, { attributes, metadataUrl }: RefusalFacts): string {
  const { error, says } = REFUSALS[reason];
  const told = {
    // Who sent no credentials is told how to, and not that something was wrong (RFC 6750 §3.1).
    ...(reason === 'no_credentials' ? {} : { error, error_description: says }),
    ...attributes,
    algs: ALGORITHMS.join(' '),
    ...(metadataUrl ? { resource_metadata: metadataUrl } : {}),
  };
  return `DPoP ${Object.entries(told)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`;
}
