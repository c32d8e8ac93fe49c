import { OAuthError } from '../errors/oauth-error.ts';
import { readCompactJws } from '../jwt/compact-jws.ts';
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
 * Fails  client.* ; Unavailable
 * Spec   RFC 7521 §4; RFC 7523 §3; rfc7523bis (sole audience); RFC 8705 §2
 */
export async function verifyCaller(
  ports: CallerPorts,
  { assertion, assertionType, clientId, certificate, attestation, bearer, sentSecret }: CallerCredentials,
  audience: AssertionAudience,
): Promise<VerifiedCaller> {
  if (sentSecret || bearer !== null) throw new OAuthError('client.secret_refused');
  if (assertion === null) {
    if (attestation !== null) return verifyClientAttestation(ports, attestation, { clientId, audience });
    if (certificate === null) throw new OAuthError('client.missing');
    return verifyClientCertificate(ports, certificate, clientId);
  }
  const jws = readCompactJws(assertion);
  if (jws === null) throw new OAuthError('client.malformed_assertion');
  const presented: PresentedAssertion = { jws, clientId, audience };
  if (assertionType === JWT_SPIFFE_ASSERTION) return verifyJwtSvid(ports, presented);
  const { iss, sub } = jws.payload;
  return iss !== sub && typeof iss === 'string' && ports.trust.current().federatedCallers(iss).length > 0
    ? verifyWorkloadToken(ports, presented)
    : verifyOwnAssertion(ports, presented);
}
