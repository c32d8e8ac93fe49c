import { checkVouchedToken, type VoucherPorts } from '../caller/vouched-token.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import { readLifetime, readName } from '../jwt/claims.ts';
import { readCompactJws } from '../jwt/compact-jws.ts';
import { isOfKind } from '../jwt/jwt-kind.ts';
import type { ClientRegistration } from '../registry/registrations.ts';
import { isWithinSpiffeId, readSpiffeId, trustDomainIssuer } from '../registry/spiffe-id.ts';
import type { EpochMs } from '../shared/clock.ts';
import { readBoundKey } from './id-token-claims.ts';
import type { VerifiedIdToken } from './verify-id-token.ts';

/** What of its circumstances the verification needs. */
export interface PresentedSvid {
  readonly client: ClientRegistration;
  readonly as: 'subject' | 'actor';
  /** The issuer identifier of the broker: the sole audience. */
  readonly audience: string;
  readonly now: EpochMs;
}

/** As an ID token tells of a user. A workload has no groups, and signs in when its SVID is made. */
export type VerifiedWorkload = VerifiedIdToken & { readonly issuer: string };

/**
 * Verifies the JWT-SVID of a workload that the client may present. The trust domain stands where a user has an
 * identity provider, and its keys are those that are registered with the client. The Workload API hands out the same
 * SVID again until it expires, so that a proof of a key has to come with it.
 *
 * Fails  subject.malformed | subject.wrong_kind | subject.bad_signature | subject.wrong_audience | subject.wrong_time |
 *        subject.bad_claims, or the same of the actor; client.not_allowed; Unavailable
 * Spec   SPIFFE JWT-SVID §2 to §4; RFC 8693 §3, token type `jwt`
 */
export async function verifyWorkload(
  ports: VoucherPorts,
  text: string,
  { client, as, audience, now }: PresentedSvid,
): Promise<VerifiedWorkload> {
  const jws = readCompactJws(text);
  if (jws === null) throw new OAuthError(`${as}.malformed`);
  const id = readSpiffeId(jws.payload['sub']);
  // An ID token of somebody is no SVID, whatever else it is; nor is a security event about a workload.
  if (id === null || !isOfKind(jws.typ, 'jwt_svid') || 'events' in jws.payload) {
    throw new OAuthError(`${as}.wrong_kind`, jws.typ);
  }
  const permitted = client.workloads.find((one) => one.as === as && isWithinSpiffeId(id, one.id));
  if (permitted === undefined) throw new OAuthError('client.not_allowed', 'not a workload of this client');
  const { keys, algorithms, maxSvidSeconds } = permitted;
  await checkVouchedToken(ports, jws, {
    keys,
    algorithms,
    audience,
    maxAssertionSeconds: maxSvidSeconds,
    as,
    now,
  });
  // Revocations are held against the time it was made, which SVIDs need not tell.
  const { exp = null, iat = null } = readLifetime(jws.payload) ?? {};
  if (exp === null || iat === null) throw new OAuthError(`${as}.wrong_time`, 'iat is missing');
  if (exp - now / 1000 < 1) throw new OAuthError(`${as}.wrong_time`, 'expires within the second');
  const { sub, cnf } = jws.payload;
  const subject = readName(sub, 255);
  const boundKey = cnf === undefined ? null : readBoundKey(cnf);
  if (subject === null || (cnf !== undefined && boundKey === null)) throw new OAuthError(`${as}.bad_claims`);
  return {
    issuer: trustDomainIssuer(id.trustDomain),
    subject,
    boundKey,
    expiresAt: exp,
    signedInAt: iat,
    ...NO_SIGN_IN,
  };
}

const NO_SIGN_IN = {
  groups: [],
  email: null,
  acr: null,
  amr: [],
  authTime: null,
  sessionId: null,
  act: null,
  mayAct: null,
};

/** Does this token, which may be any JWT, speak of a workload? Nothing in it is believed yet. */
export function isSvid(text: string): boolean {
  return readSpiffeId(readCompactJws(text)?.payload['sub']) !== null;
}
