import type { Claim } from '../audit/journal.ts';
import { PROOF_MAX_AGE_SECONDS } from '../dpop/dpop-proof.ts';
import { OAuthError } from '../errors/oauth-error.ts';
import { FUTURE_TOLERANCE_SECONDS, isAlive, readAudiences, readLifetime, readName } from '../jwt/claims.ts';
import { readCompactJws, type CompactJws } from '../jwt/compact-jws.ts';
import { isOfKind } from '../jwt/jwt-kind.ts';
import { DEFAULT_ALGORITHMS, keyTypeOf, readAlgorithm } from '../keys/jws-algorithm.ts';
import { readPublicKey, type PublicKey } from '../keys/public-key.ts';
import type { Attestation } from '../registry/caller-authentication.ts';
import { isJsonObject } from '../shared/strict-json.ts';
import { readAttestedPosture } from './attested-posture.ts';
import type { PresentedAttestation } from './caller-credentials.ts';
import { verifyAsNobody } from './nobody.ts';
import type { CallerPorts, PresentedAssertion, VerifiedCaller } from './verified-caller.ts';
import { checkLifetime, checkVoucher } from './vouched-token.ts';

/**
 * Proves which client calls, by an attester's word for one instance of it and by the key of that instance: with a proof
 * that is made for this, or with the DPoP proof of the request, which has then still to be held against the key.
 *
 * In     presented  attestation and proof, unread
 * Out    VerifiedCaller; `instanceKey` where the DPoP proof has to follow; `attestedPosture` where the registration
 *        takes the attester's word for it
 * Fails  client.malformed_assertion | client.wrong_kind | client.wrong_issuer | client.unknown | client.wrong_method |
 *        client.bad_signature | client.wrong_time | client.bad_attestation | client.wrong_audience | client.bad_jti;
 *        Unavailable
 * Spec   draft-ietf-oauth-attestation-based-client-auth §5, §6, §7
 */
export async function verifyClientAttestation(
  ports: CallerPorts,
  { attestation, proof }: PresentedAttestation,
  { clientId, audience }: Omit<PresentedAssertion, 'jws'>,
): Promise<VerifiedCaller> {
  const jws = read(attestation, 'client_attestation');
  const named = readName(jws.payload['sub']);
  if (named === null || (clientId !== null && clientId !== named))
    throw new OAuthError('client.wrong_issuer');
  const registration = ports.trust.current().caller(named);
  if (registration?.authentication.method !== 'attest_jwt_client_auth') {
    verifyAsNobody(ports.signatures, jws);
    throw new OAuthError(registration === null ? 'client.unknown' : 'client.wrong_method', named);
  }
  const { authentication } = registration;
  const key = await attestedKey(ports, jws, authentication);
  const isCombined = proof === null;
  const claim = isCombined
    ? null
    : checkProof(ports, read(proof, 'client_attestation_pop'), { key, audience });
  const posture =
    authentication.postureIssuer === null
      ? null
      : readAttestedPosture(jws.payload, { issuer: authentication.postureIssuer, now: ports.clock.now() });
  return {
    registration,
    method: authentication.method,
    claim,
    workload: null,
    certificate: null,
    instanceKey: isCombined ? key.thumbprint : null,
    attestedPosture: posture === null ? null : { keyThumbprint: key.thumbprint, posture },
  };
}

function read(text: string, kind: 'client_attestation' | 'client_attestation_pop'): CompactJws {
  const jws = readCompactJws(text);
  if (jws === null) throw new OAuthError('client.malformed_assertion');
  if (!isOfKind(jws.typ, kind)) throw new OAuthError('client.wrong_kind', jws.typ);
  return jws;
}

async function attestedKey(ports: CallerPorts, jws: CompactJws, expected: Attestation): Promise<PublicKey> {
  await checkVoucher(ports, jws, expected);
  if (expected.issuer !== null && jws.payload['iss'] !== expected.issuer) {
    throw new OAuthError('client.bad_attestation', 'iss is another');
  }
  checkLifetime(jws, { maxAssertionSeconds: expected.maxAssertionSeconds, now: ports.clock.now() });
  const { cnf } = jws.payload;
  const key = isJsonObject(cnf) ? readPublicKey(cnf['jwk']) : null;
  if (key === null) throw new OAuthError('client.bad_attestation', 'cnf has no public jwk');
  return key;
}

/** We hand out no challenges: a proof with one was made for somebody else. Freshness is its time, and its single use. */
function checkProof(
  { signatures, clock }: CallerPorts,
  jws: CompactJws,
  { key, audience }: { key: PublicKey } & Pick<PresentedAssertion, 'audience'>,
): Claim {
  const alg = readAlgorithm(jws.alg, DEFAULT_ALGORITHMS);
  if (alg === null || keyTypeOf(alg) !== key.jwk.kty || !signatures.verify(jws, key, alg)) {
    throw new OAuthError('client.bad_signature', 'of the proof');
  }
  const audiences = readAudiences(jws.payload['aud']);
  if (audiences?.length !== 1 || audiences[0] !== audience.issuer)
    throw new OAuthError('client.wrong_audience');
  if (jws.payload['challenge'] !== undefined)
    throw new OAuthError('client.bad_attestation', 'an unknown challenge');
  const now = clock.now();
  const lifetime = readLifetime(jws.payload);
  if (lifetime === null || lifetime.iat === null || !isAlive(lifetime, now))
    throw new OAuthError('client.wrong_time');
  if (now / 1000 - lifetime.iat > PROOF_MAX_AGE_SECONDS) throw new OAuthError('client.wrong_time', 'too old');
  const id = readName(jws.payload['jti']);
  if (id === null) throw new OAuthError('client.bad_jti');
  return {
    kind: 'client_assertion',
    owner: key.thumbprint,
    id,
    expiresAt: (lifetime.iat + PROOF_MAX_AGE_SECONDS + FUTURE_TOLERANCE_SECONDS) * 1000,
    onReuse: 'client.replayed',
  };
}
