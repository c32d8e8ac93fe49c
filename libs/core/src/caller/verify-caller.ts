import { OAuthError } from '../errors/oauth-error.ts';
import { readCompactJws, type CompactJws } from '../jwt/compact-jws.ts';
import {
  JWT_SPIFFE_ASSERTION,
  type AssertionAudience,
  type CallerCredentials,
} from './caller-credentials.ts';
import { verifyClientAttestation } from './client-attestation.ts';
import { verifyClientCertificate } from './client-certificate.ts';
import { verifyJwtSvid } from './jwt-svid.ts';
import { verifyOwnAssertion } from './own-assertion.ts';
import type { CallerPorts, PresentedAssertion, VerifiedCaller } from './verified-caller.ts';
import { verifyWorkloadToken } from './workload-token.ts';

/**
 * Proves who calls: by an assertion that it signed itself, by one of a platform that is believed about it, by an
 * attestation or, where nothing of this was sent, by the certificate of the connection.
 *
 * In     credentials  as read from the request
 *        audience     what the assertion may be addressed to
 * Fails  client.* ; quota.exceeded; HeldBack; Unavailable
 * Spec   RFC 7521 §4; RFC 7523 §3; rfc7523bis (sole audience); RFC 8705 §2
 */
export async function verifyCaller(
  ports: CallerPorts,
  credentials: CallerCredentials,
  audience: AssertionAudience,
): Promise<VerifiedCaller> {
  if (credentials.sentSecret || credentials.bearer !== null) throw new OAuthError('client.secret_refused');
  const jws = readAssertion(credentials);
  ports.quotas.holdBack(credentials.source, claimedId(credentials, jws));
  const caller = await proveCaller(ports, credentials, { jws, audience });
  // What can be copied says who calls only with a proof of a key: whoever demands that charges then.
  if (caller.workload === null && caller.instanceKey === null) {
    ports.quotas.charge(credentials.source, caller.registration);
  }
  return caller;
}

/** Whom the request says it is of; nothing of it is proved. */
function claimedId({ clientId }: CallerCredentials, jws: CompactJws | null): string | null {
  const subject = jws?.payload['sub'];
  return clientId ?? (typeof subject === 'string' ? subject : null);
}

function readAssertion({ assertion }: CallerCredentials): CompactJws | null {
  if (assertion === null) return null;
  const jws = readCompactJws(assertion);
  if (jws === null) throw new OAuthError('client.malformed_assertion');
  return jws;
}

async function proveCaller(
  ports: CallerPorts,
  { assertionType, clientId, certificate, attestation }: CallerCredentials,
  { jws, audience }: { jws: CompactJws | null; audience: AssertionAudience },
): Promise<VerifiedCaller> {
  if (jws === null) {
    if (attestation !== null) return verifyClientAttestation(ports, attestation, { clientId, audience });
    if (certificate === null) throw new OAuthError('client.missing');
    return verifyClientCertificate(ports, certificate, clientId);
  }
  const presented: PresentedAssertion = { jws, clientId, audience };
  if (assertionType === JWT_SPIFFE_ASSERTION) return verifyJwtSvid(ports, presented);
  const { iss, sub } = jws.payload;
  return iss !== sub && typeof iss === 'string' && ports.trust.current().federatedCallers(iss).length > 0
    ? verifyWorkloadToken(ports, presented)
    : verifyOwnAssertion(ports, presented);
}
