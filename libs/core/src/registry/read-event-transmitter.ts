import type { UriRules } from '../operation/target-uri.ts';
import type { DocumentReader } from './document-reader.ts';
import { readEventPoll } from './read-event-poll.ts';
import type { EventTransmitter } from './registrations.ts';

/** Reads `events` of a registration; null where it sends none, or what it says is refused. */
export function readEventTransmitter(document: DocumentReader, rules: UriRules): EventTransmitter | null {
  if (!document.has('events')) return null;
  const read = document.part('events', [...DELIVERY_MEMBERS, 'devices']);
  return { ...readDelivery(read, rules), devices: read.flag('devices') };
}

/** How events come, whoever sends them. */
export const DELIVERY_MEMBERS = ['audience', 'authorization_sha256', 'poll'];

export function readDelivery(read: DocumentReader, rules: UriRules): Omit<EventTransmitter, 'devices'> {
  return {
    audience: read.optionalText('audience', /^[!-~]{1,1024}$/),
    authorizationSha256: read.optionalText('authorization_sha256', /^[0-9a-f]{64}$/),
    poll: readEventPoll(read, rules),
  };
}
