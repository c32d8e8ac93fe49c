import { OAuthError } from '../../errors/oauth-error.ts';
import type { ClaimedType, ClaimedValue } from '../../policy/policy-request.ts';
import { toEpochSeconds, type EpochSeconds } from '../../shared/clock.ts';
import { attest, type Evidence } from '../../shared/evidence.ts';
import type { ExchangePorts } from '../exchange.ports.ts';
import type { ExchangeRequest } from '../exchange-request.ts';

export type CollectedContext = Evidence<
  'CollectedContext',
  {
    /** Seen by the broker itself. */
    ip: string | null;
    time: EpochSeconds;
    /** Said by the client; policies see it under `context.claimed` and nowhere else. */
    claimed: Readonly<Record<string, ClaimedValue>>;
  }
>;

const MAX_CLAIMED_CHARS = 256;

/**
 * Gathers the circumstances of the request, what was observed apart from what is merely claimed. Attributes that the
 * release does not know are left behind: no policy can ask for them.
 *
 * In     request  its `request_context` and what the connection shows
 * Out    CollectedContext
 * Fails  context.malformed when a known attribute has a value of another type; Unavailable
 * Spec   docs/protocol.md, context
 */
export function collectContext(
  { clock, trust }: Pick<ExchangePorts, 'clock' | 'trust'>,
  { claimed, observed }: Pick<ExchangeRequest, 'claimed' | 'observed'>,
): CollectedContext {
  const known: Record<string, ClaimedValue> = {};
  for (const [name, type] of Object.entries(trust.current().release.claimed)) {
    const value = Object.hasOwn(claimed, name) ? claimed[name] : undefined;
    if (value === undefined) continue;
    if (!isOfType(value, type)) throw new OAuthError('context.malformed', name);
    known[name] = value;
  }
  return attest<CollectedContext>({ ip: observed.ip, time: toEpochSeconds(clock.now()), claimed: known });
}

function isOfType(value: unknown, type: ClaimedType): value is ClaimedValue {
  switch (type) {
    case 'String':
      return typeof value === 'string' && value.length <= MAX_CLAIMED_CHARS;
    case 'Long':
      return typeof value === 'number' && Number.isSafeInteger(value);
    case 'Bool':
      return typeof value === 'boolean';
  }
}
