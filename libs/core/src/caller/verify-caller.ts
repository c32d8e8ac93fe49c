import type { Claim } from '../audit/journal.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import { readCompactJws, type CompactJws } from '../jwt/compact-jws.ts';
import {
  EXPIRY_TOLERANCE_SECONDS,
  FUTURE_TOLERANCE_SECONDS,
  isAlive,
  readAudiences,
  readLifetime,
  readName,
} from '../jwt/claims.ts';
import { isOfKind } from '../jwt/jwt-kind.ts';
import type { SignatureVerifier } from '../jwt/signature-verifier.ts';
import { readAlgorithm } from '../keys/jws-algorithm.ts';
import { candidateKeys, readPublicKey } from '../keys/public-key.ts';
import type { ClientRegistration, ResourceServerRegistration } from '../registry/registrations.ts';
import type { TrustSource } from '../registry/trust.ts';
import type { Clock } from '../shared/clock.ts';
import type { AssertionAudience, CallerCredentials } from './caller-credentials.ts';

export interface CallerPorts {
  readonly clock: Clock;
  readonly trust: TrustSource;
  readonly signatures: SignatureVerifier;
}

/** Who calls, and the id of the assertion that said so: it has still to be claimed. */
export interface VerifiedCaller {
  readonly registration: ClientRegistration | ResourceServerRegistration;
  readonly claim: Claim;
}

/**
 * A key that signed nothing. An assertion of a client that does not exist is verified with it, so that it takes as
 * long to refuse as one with a wrong signature.
 */
const NOBODY = readPublicKey({
  kty: 'EC',
  crv: 'P-256',
  x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
  y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
});

/**
 * Proves who calls, by the signature of a registered key over an assertion made for this broker.
 *
 * In     credentials  as read from the request
 *        audience     what the assertion may be addressed to
 * Fails  client.missing | client.secret_refused | client.malformed_assertion | client.wrong_kind |
 *        client.wrong_issuer | client.unknown | client.bad_signature | client.wrong_audience |
 *        client.wrong_time | client.bad_jti; Unavailable
 * Spec   RFC 7523 §3; rfc7523bis (sole audience); FAPI 2.0 §5.3.2.1
 */
export function verifyCaller(
  ports: CallerPorts,
  credentials: CallerCredentials,
  audience: AssertionAudience,
): VerifiedCaller {
  if (credentials.assertion === null) {
    throw new OAuthError(credentials.sentSecret ? 'client.secret_refused' : 'client.missing');
  }
  const jws = readCompactJws(credentials.assertion);
  if (jws === null) throw new OAuthError('client.malformed_assertion');
  if (!isOfKind(jws.typ, 'client_assertion')) throw new OAuthError('client.wrong_kind', jws.typ);

  const clientId = readName(jws.payload['sub']);
  if (clientId === null || jws.payload['iss'] !== clientId) throw new OAuthError('client.wrong_issuer');
  if (credentials.clientId !== null && credentials.clientId !== clientId) {
    throw new OAuthError('client.wrong_issuer', 'client_id is another');
  }
  const registration = ports.trust.current().caller(clientId);
  if (registration === null) {
    if (NOBODY !== null) ports.signatures.verify(jws, NOBODY, 'ES256');
    throw new OAuthError('client.unknown', clientId);
  }
  if (!isSignedBy(ports, jws, registration)) throw new OAuthError('client.bad_signature', jws.kid);
  checkAudience(jws, registration, audience);
  return { registration, claim: claimOf(jws, registration, ports.clock) };
}

function isSignedBy(
  { signatures }: CallerPorts,
  jws: CompactJws,
  { algorithms, keys }: ClientRegistration | ResourceServerRegistration,
): boolean {
  const alg = readAlgorithm(jws.alg, algorithms);
  if (alg === null) return false;
  return candidateKeys(keys, { kid: jws.kid, alg }).some((key) => signatures.verify(jws, key, alg));
}

function checkAudience(
  jws: CompactJws,
  { legacyAudience }: ClientRegistration | ResourceServerRegistration,
  { issuer, endpoint }: AssertionAudience,
): void {
  const audiences = readAudiences(jws.payload['aud']);
  const only = audiences?.length === 1 ? audiences[0] : undefined;
  if (only === issuer || (legacyAudience && only === endpoint)) return;
  throw new OAuthError('client.wrong_audience');
}

function claimOf(
  jws: CompactJws,
  { clientId, maxAssertionSeconds }: ClientRegistration | ResourceServerRegistration,
  clock: Clock,
): Claim {
  const now = clock.now();
  const lifetime = readLifetime(jws.payload);
  if (lifetime === null || lifetime.exp === null || !isAlive(lifetime, now)) {
    throw new OAuthError('client.wrong_time');
  }
  if (lifetime.exp > now / 1000 + maxAssertionSeconds + FUTURE_TOLERANCE_SECONDS) {
    throw new OAuthError('client.wrong_time', 'valid for too long');
  }
  const id = readName(jws.payload['jti']);
  if (id === null) throw new OAuthError('client.bad_jti');
  return {
    kind: 'client_assertion',
    owner: clientId,
    id,
    expiresAt: (lifetime.exp + EXPIRY_TOLERANCE_SECONDS + CLOCK_SLACK_SECONDS) * 1000,
    onReuse: 'client.replayed',
  };
}

/** The database judges when an id may be forgotten, and its clock may run ahead of the one that accepted it. */
const CLOCK_SLACK_SECONDS = 10;
