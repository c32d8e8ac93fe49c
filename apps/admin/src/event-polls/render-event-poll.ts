import type { StoredEventPoll } from '#core';
import { isoTime } from '../calls/iso-time.ts';

/** Where the registration is, below the prefix. */
const PATH = { identity_provider: 'identity-providers', event_transmitter: 'event-transmitters' } as const;

export function renderEventPoll(poll: StoredEventPoll): object {
  const { kind, id, issuer, enabled, acknowledged, lastPollAt, lastSuccessAt, failing, lease } = poll;
  return {
    transmitter: `${PATH[kind]}/${id}`,
    issuer,
    enabled,
    acknowledged,
    ...(lastPollAt === null ? {} : { last_poll_at: isoTime(lastPollAt) }),
    ...(lastSuccessAt === null ? {} : { last_success_at: isoTime(lastSuccessAt) }),
    ...(failing === null
      ? {}
      : {
          failing: {
            since: isoTime(failing.since),
            polls: failing.polls,
            why: failing.why,
            next_at: isoTime(failing.nextAt),
          },
        }),
    ...(lease === null ? {} : { lease: { holder: lease.holder, until: isoTime(lease.until) } }),
  };
}
