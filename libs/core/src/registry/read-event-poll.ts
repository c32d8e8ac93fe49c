import { canonicalTargetUri, type UriRules } from '../operation/target-uri.ts';
import { CLIENT_ID, type DocumentReader } from './document-reader.ts';
import type { EventPoll } from './registrations.ts';

const HTTP_URL = /^https?:\/\/[^\s#]+$/;

/** Scope tokens with single blanks between them (RFC 6749 §3.3). */
const SCOPE = /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/;

/** Reads `poll` of a transmitter; null where it pushes. What is wrong with it is noted in `events`. */
export function readEventPoll(events: DocumentReader, rules: UriRules): EventPoll | null {
  if (!events.has('poll')) return null;
  const read = events.part('poll', [
    'endpoint',
    'token_endpoint',
    'client_id',
    'assertion_audience',
    'scope',
  ]);
  const urlOf = (member: string): string => {
    const url = read.text(member, HTTP_URL);
    if (url !== '' && canonicalTargetUri(url, rules) === null) {
      read.refuse(member, 'must be an https URL without userinfo');
    }
    return url;
  };
  const tokenEndpoint = urlOf('token_endpoint');
  return {
    endpoint: urlOf('endpoint'),
    tokenEndpoint,
    clientId: read.text('client_id', CLIENT_ID),
    assertionAudience: read.optionalText('assertion_audience', /^[!-~]{1,1024}$/) ?? tokenEndpoint,
    scope: read.optionalText('scope', SCOPE),
  };
}
