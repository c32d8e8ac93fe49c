import { BrokerFailure } from './broker-failure.ts';
import { normaliseEscapes, readResource } from './canonical-uri.ts';
import type { Grant } from './decision.ts';
import { isJsonObject, type JsonObject } from './read-json-object.ts';

/** What a positive answer has to be about. */
export interface Expected {
  readonly issuer: string;
  /** Canonical identifier of this resource server. */
  readonly resource: string;
  readonly method: string;
  /** As it was told to the broker. */
  readonly targetUri: string;
}

/**
 * Reads a positive answer, and believes it only when it says itself that it is about this request: an answer for
 * another API, method or URI opens nothing, however it came about.
 *
 * Fails  BrokerFailure, naming the member
 */
export function readGrant(members: JsonObject, { issuer, resource, method, targetUri }: Expected): Grant {
  mustBe(members, 'iss', issuer);
  mustBeFor(members, resource);
  mustBe(members, 'htm', method);
  mustBe(members, 'htu', normaliseEscapes(targetUri));
  const details: unknown = members['authorization_details'];
  const amr: unknown = members['amr'] ?? [];
  const authTime = members['auth_time'] ?? null;
  if (!Array.isArray(details)) throw misfit('authorization_details');
  if (!Array.isArray(amr) || !amr.every((one) => typeof one === 'string')) throw misfit('amr');
  if (authTime !== null && typeof authTime !== 'number') throw misfit('auth_time');
  return {
    issuer,
    subject: text(members, 'sub'),
    subjectIssuer: text(members, 'sub_iss'),
    clientId: text(members, 'client_id'),
    actors: readActors(members['act']),
    tokenId: text(members, 'jti'),
    transactionId: text(members, 'txn'),
    method,
    operation: members['scope'] === undefined ? null : text(members, 'scope'),
    targetUri: normaliseEscapes(targetUri),
    issuedAt: seconds(members, 'iat'),
    expiresAt: seconds(members, 'exp'),
    ...readConfirmation(members),
    acr: members['acr'] === undefined ? null : text(members, 'acr'),
    amr,
    authTime,
    authorizationDetails: details,
  };
}

/** RFC 8693 §4.1: the current actor, and inside it those before. One that cannot be read is not passed over. */
function readActors(act: unknown): Grant['actors'] {
  if (act === undefined) return [];
  if (!isJsonObject(act)) throw misfit('act');
  return [{ issuer: text(act, 'iss'), subject: text(act, 'sub') }, ...readActors(act['act'])];
}

/** `token_type` and `cnf` say the same thing in two ways; when they do not agree, neither is believed. */
function readConfirmation(members: JsonObject): Pick<Grant, 'keyThumbprint' | 'certificateThumbprint'> {
  const { token_type: type, cnf } = members;
  if (type === 'Bearer' && cnf === undefined) return { keyThumbprint: null, certificateThumbprint: null };
  if (type === 'Bearer' && isJsonObject(cnf) && cnf['jkt'] === undefined) {
    return { keyThumbprint: null, certificateThumbprint: text(cnf, 'x5t#S256') };
  }
  if (type === 'DPoP' && isJsonObject(cnf)) {
    return { keyThumbprint: text(cnf, 'jkt'), certificateThumbprint: null };
  }
  throw misfit('token_type');
}

/** The broker names this resource server as it is registered, which may be another spelling of the same URL. */
function mustBeFor(members: JsonObject, resource: string): void {
  const audience = text(members, 'aud');
  if (!URL.canParse(audience) || readResource(audience).href !== resource) throw misfit('aud');
}

function mustBe(members: JsonObject, name: string, value: string): void {
  if (members[name] !== value) throw misfit(name);
}

function text(members: JsonObject, name: string): string {
  const value = members[name];
  if (typeof value !== 'string' || value === '') throw misfit(name);
  return value;
}

function seconds(members: JsonObject, name: string): number {
  const value = members[name];
  if (typeof value !== 'number' || !Number.isInteger(value)) throw misfit(name);
  return value;
}

function misfit(member: string): BrokerFailure {
  return new BrokerFailure(`${member} in the answer of the broker does not fit the request`);
}
