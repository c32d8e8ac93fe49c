import type { Claim } from '../audit/journal.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import type { CompactJws } from '../jwt/compact-jws.ts';
import {
  forgettableFrom,
  FUTURE_TOLERANCE_SECONDS,
  isAlive,
  readAudiences,
  readLifetime,
  readName,
} from '../jwt/claims.ts';
import { isOfKind } from '../jwt/jwt-kind.ts';
import type { SignatureVerifier } from '../jwt/signature-verifier.ts';
import { readAlgorithm } from '../keys/jws-algorithm.ts';
import { candidateKeys } from '../keys/public-key.ts';
import type { OwnKeys } from '../registry/caller-authentication.ts';
import type { Clock } from '../shared/clock.ts';
import type { AssertionAudience } from './caller-credentials.ts';
import { verifyAsNobody } from './nobody.ts';
import type { CallerPorts, PresentedAssertion, VerifiedCaller } from './verified-caller.ts';

/**
 * Proves who calls, by the signature of a registered key over an assertion made for this broker.
 *
 * Fails  client.wrong_kind | client.wrong_issuer | client.unknown | client.wrong_method | client.bad_signature |
 *        client.wrong_audience | client.wrong_time | client.bad_jti; Unavailable
 * Spec   RFC 7523 §3; rfc7523bis (sole audience); FAPI 2.0 §5.3.2.1
 */
export function verifyOwnAssertion(
  { clock, trust, signatures }: CallerPorts,
  { jws, clientId: named, audience }: PresentedAssertion,
): VerifiedCaller {
  if (!isOfKind(jws.typ, 'client_assertion')) throw new OAuthError('client.wrong_kind', jws.typ);
  const clientId = readName(jws.payload['sub']);
  if (clientId === null || jws.payload['iss'] !== clientId) throw new OAuthError('client.wrong_issuer');
  if (named !== null && named !== clientId)
    throw new OAuthError('client.wrong_issuer', 'client_id is another');
  const registration = trust.current().caller(clientId);
  if (registration?.authentication.method !== 'private_key_jwt') {
    verifyAsNobody(signatures, jws);
    throw new OAuthError(registration === null ? 'client.unknown' : 'client.wrong_method', clientId);
  }
  const { authentication } = registration;
  if (!isSignedBy(signatures, jws, authentication)) throw new OAuthError('client.bad_signature', jws.kid);
  checkAudience(jws, authentication, audience);
  const claim = claimOf(jws, { clientId, authentication }, clock);
  return {
    registration,
    method: authentication.method,
    claim,
    workload: null,
    certificate: null,
    instanceKey: null,
    attestedPosture: null,
  };
}

function isSignedBy(signatures: SignatureVerifier, jws: CompactJws, { algorithms, keys }: OwnKeys): boolean {
  const alg = readAlgorithm(jws.alg, algorithms);
  if (alg === null) return false;
  return candidateKeys(keys, { kid: jws.kid, alg }).some((key) => signatures.verify(jws, key, alg));
}

function checkAudience(
  jws: CompactJws,
  { legacyAudience }: OwnKeys,
  { issuer, endpoint }: AssertionAudience,
): void {
  const audiences = readAudiences(jws.payload['aud']);
  const only = audiences?.length === 1 ? audiences[0] : undefined;
  if (only === issuer || (legacyAudience && only === endpoint)) return;
  throw new OAuthError('client.wrong_audience');
}

function claimOf(
  jws: CompactJws,
  { clientId, authentication }: { clientId: string; authentication: OwnKeys },
  clock: Clock,
): Claim {
  const now = clock.now();
  const lifetime = readLifetime(jws.payload);
  if (lifetime === null || lifetime.exp === null || !isAlive(lifetime, now)) {
    throw new OAuthError('client.wrong_time');
  }
  if (lifetime.exp > now / 1000 + authentication.maxAssertionSeconds + FUTURE_TOLERANCE_SECONDS) {
    throw new OAuthError('client.wrong_time', 'valid for too long');
  }
  const id = readName(jws.payload['jti']);
  if (id === null) throw new OAuthError('client.bad_jti');
  return {
    kind: 'client_assertion',
    owner: clientId,
    id,
    expiresAt: forgettableFrom(lifetime.exp),
    onReuse: 'client.replayed',
  };
}
