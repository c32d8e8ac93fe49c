import type { Refusal } from './decision.ts';
import { REFUSALS, type RefusalReason } from './refusals.ts';

const ALGORITHMS = 'algs="ES256 PS256 EdDSA"';

/** What happened besides, as far as it is known. */
interface RefusalFacts {
  /** From the broker; a header that the caller may show to whoever can look it up. */
  readonly reasonId?: string | null;
  readonly cause?: Error;
  /** More of the challenge, name to value; no quotes in either. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Renders a refusal (RFC 9449 §7.1, RFC 6750 §3, RFC 9470 §3). */
export function refuse(
  reason: RefusalReason,
  { reasonId, cause, attributes = {} }: RefusalFacts = {},
): Refusal {
  const { status, error, says } = REFUSALS[reason];
  const more = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
  const headers: Record<string, string> = { 'cache-control': 'no-store' };
  if (status === 401) {
    headers['www-authenticate'] =
      reason === 'no_credentials'
        ? `DPoP ${ALGORITHMS}`
        : `DPoP ${[`error="${error}"`, `error_description="${says}"`, ...more, ALGORITHMS].join(', ')}`;
  }
  if (status === 413) headers['connection'] = 'close';
  if (status === 503) headers['retry-after'] = '1';
  if (reasonId) headers['oncekey-reason-id'] = reasonId;
  return { reason, status, headers, body: { error, error_description: says }, cause: cause ?? null };
}
