import { isJsonObject } from '../shared/strict-json.ts';
import type { DocumentReader } from './document-reader.ts';
import type { EventTransmitter } from './registrations.ts';

const MEMBERS = ['audience', 'authorization_sha256', 'devices'];

/** Reads `events` of an identity provider; null where it sends none, or what it says is refused. */
export function readEventTransmitter(read: DocumentReader): EventTransmitter | null {
  const value = read.value('events');
  if (value === undefined) return null;
  if (!isJsonObject(value)) {
    read.refuse('events', 'must be an object');
    return null;
  }
  for (const member of Object.keys(value)) {
    if (!MEMBERS.includes(member)) read.refuse('events', `has ${MEMBERS.join(', ')} and nothing else`);
  }
  const { audience, authorization_sha256: hash, devices } = value;
  if (audience !== undefined && (typeof audience !== 'string' || !/^[!-~]{1,1024}$/.test(audience))) {
    read.refuse('events/audience', 'must be the aud of its events, of 1 to 1024 characters without blanks');
  }
  if (hash !== undefined && (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash))) {
    read.refuse('events/authorization_sha256', 'must be a SHA-256 in 64 hexadecimal digits');
  }
  if (devices !== undefined && typeof devices !== 'boolean') {
    read.refuse('events/devices', 'must be true or false');
  }
  return {
    audience: typeof audience === 'string' ? audience : null,
    authorizationSha256: typeof hash === 'string' ? hash : null,
    devices: devices === true,
  };
}
