import type { UriRules } from '../operation/target-uri.ts';
import type { DocumentReader } from './document-reader.ts';
import { readEventPoll } from './read-event-poll.ts';
import type { EventTransmitter } from './registrations.ts';

/** Reads `events` of a registration; null where it sends none, or what it says is refused. */
export function readEventTransmitter(document: DocumentReader, rules: UriRules): EventTransmitter | null {
  if (!document.has('events')) return null;
  const read = document.part('events', ['audience', 'authorization_sha256', 'devices', 'poll']);
  return {
    audience: read.optionalText('audience', /^[!-~]{1,1024}$/),
    authorizationSha256: read.optionalText('authorization_sha256', /^[0-9a-f]{64}$/),
    devices: read.flag('devices'),
    poll: readEventPoll(read, rules),
  };
}
