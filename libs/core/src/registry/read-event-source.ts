import { canonicalTargetUri, type UriRules } from '../operation/target-uri.ts';
import type { KeySource } from './caller-authentication.ts';
import { DocumentReader, REGISTRATION_ID } from './document-reader.ts';
import type { EventSource } from './event-source.ts';
import { DELIVERY_MEMBERS, readDelivery } from './read-event-transmitter.ts';
import type { Read } from './read-registrations.ts';

const MEMBERS = ['id', 'issuer', 'jwks', 'jwks_uri', 'algorithms', ...DELIVERY_MEMBERS];

/** Reads an event transmitter that signs nobody in: it has no users here, and speaks of devices. */
export function readEventSource(document: unknown, rules: UriRules): Read<EventSource> {
  const read = new DocumentReader(document, MEMBERS);
  const id = read.text('id', REGISTRATION_ID);
  const issuer = urlOf(read, 'issuer', { pattern: /^https?:\/\/[^\s?#]+$/, rules });
  const registration = {
    id,
    issuer,
    keys: keysOf(read, { id, issuer }, rules),
    algorithms: read.algorithms(),
    transmitter: { ...readDelivery(read, rules), devices: true },
  };
  return read.problems.length === 0 ? { registration } : { problems: read.problems };
}

function keysOf(
  read: DocumentReader,
  { id, issuer }: { readonly id: string; readonly issuer: string },
  rules: UriRules,
): KeySource {
  if (read.has('jwks') && read.has('jwks_uri')) read.refuse('jwks_uri', 'must not stand beside jwks');
  if (read.has('jwks')) return read.keys('jwks');
  if (read.has('jwks_uri'))
    return { id, jwksUri: urlOf(read, 'jwks_uri', { pattern: /^https?:\/\/[^\s#]+$/, rules }) };
  return { id, transmitter: issuer };
}

function urlOf(
  read: DocumentReader,
  member: string,
  { pattern, rules }: { readonly pattern: RegExp; readonly rules: UriRules },
): string {
  const url = read.text(member, pattern);
  if (url !== '' && canonicalTargetUri(url, rules) === null) {
    read.refuse(member, 'must be an https URL without userinfo');
  }
  return url;
}
