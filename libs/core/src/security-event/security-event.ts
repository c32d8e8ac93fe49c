import { OAuthError } from '../errors/oauth-error.ts';
import { readAudiences, readName, readNumericDate } from '../jwt/claims.ts';
import { readCompactJws, type CompactJws } from '../jwt/compact-jws.ts';
import { isOfKind } from '../jwt/jwt-kind.ts';
import type { EpochSeconds } from '../shared/clock.ts';
import { isJsonObject, type JsonObject } from '../shared/strict-json.ts';

/** A security event token, taken apart and not yet believed. */
export interface SecurityEvent {
  readonly jws: CompactJws;
  readonly issuer: string;
  readonly jti: string;
  readonly iat: EpochSeconds;
  readonly audiences: readonly string[];
  /** URI of the one event in it. */
  readonly type: string;
  readonly claims: JsonObject;
  /** `sub_id`, unread. */
  readonly subject: unknown;
}

/** No SET says who presents it or until when it holds: such tokens are of another kind (SSF 1.0 §4.1). */
const FORBIDDEN = ['sub', 'exp'];

/**
 * Reads a security event token of one event. Unknown members are left alone, as SSF demands.
 *
 * Fails  event.malformed
 * Spec   RFC 8417 §2.2; SSF 1.0 §4.1; CAEP interoperability profile (one event per SET)
 */
export function readSecurityEvent(text: string): SecurityEvent {
  const jws = readCompactJws(text);
  if (jws === null) throw new OAuthError('event.malformed', 'no strict compact JWS');
  if (!isOfKind(jws.typ, 'security_event')) throw new OAuthError('event.malformed', `typ ${jws.typ}`);
  const { payload } = jws;
  const forbidden = FORBIDDEN.find((member) => member in payload);
  if (forbidden !== undefined) throw new OAuthError('event.malformed', `it carries ${forbidden}`);
  const issuer = readName(payload['iss'], 1024);
  const jti = readName(payload['jti']);
  const iat = readNumericDate(payload['iat']);
  if (issuer === null || jti === null || iat === null) {
    throw new OAuthError('event.malformed', 'iss, jti or iat is missing');
  }
  if (payload['sub_id'] === undefined) throw new OAuthError('event.malformed', 'sub_id is missing');
  const { type, claims } = onlyEvent(payload['events']);
  const audiences = readAudiences(payload['aud']) ?? [];
  return { jws, issuer, jti, iat, audiences, type, claims, subject: payload['sub_id'] };
}

function onlyEvent(events: unknown): { type: string; claims: JsonObject } {
  const listed = isJsonObject(events) ? Object.entries(events) : [];
  const [[type, claims] = ['', null], another] = listed;
  if (type === '' || type.length > 512 || !isJsonObject(claims) || another !== undefined) {
    throw new OAuthError('event.malformed', 'events is not an object with one event');
  }
  return { type, claims };
}
