import { OAuthError } from '../errors/oauth-error.ts';
import type { CertificateName, IssuedCertificate } from '../registry/caller-authentication.ts';
import type { CertificateCaller } from '../registry/trust.ts';
import { readCertificate, type Certificate } from '../x509/certificate.ts';
import { isForClient, leadsToAuthority } from '../x509/certification-path.ts';
import type { PresentedCertificate } from './caller-credentials.ts';
import type { CallerPorts, VerifiedCaller } from './verified-caller.ts';

/**
 * Proves who calls, by the certificate whose key made the connection: one that a registered authority issued to a
 * registered name, or one that is registered itself. RFC 8705 §2 wants a `client_id`; some software sends none, and
 * then the one caller is meant whose registration fits.
 *
 * In     presented  of the TLS layer or of a proxy that is believed; nothing of it has been verified but its key
 *        clientId   `client_id` parameter
 * Fails  client.bad_certificate | client.unmatched | client.ambiguous
 * Spec   RFC 8705 §2.1, §2.2; RFC 5280 §6.1
 */
export function verifyClientCertificate(
  ports: CallerPorts,
  { der, chain }: PresentedCertificate,
  clientId: string | null,
): VerifiedCaller {
  const certificate = readCertificate(der);
  const intermediates = chain.map((one) => readCertificate(one));
  if (certificate === null || !intermediates.every((one) => one !== null)) {
    throw new OAuthError('client.bad_certificate', 'it cannot be read');
  }
  if (!isForClient(certificate, ports.clock.now())) {
    throw new OAuthError('client.bad_certificate', 'it is not in force, or not one of a client');
  }
  const [registration, another] = ports.trust
    .current()
    .certificateCallers()
    .filter((one) => clientId === null || one.clientId === clientId)
    .filter((one) => fits(one, certificate));
  if (registration === undefined) throw new OAuthError('client.unmatched', certificate.thumbprint);
  if (another !== undefined) throw new OAuthError('client.ambiguous', certificate.thumbprint);
  const { authentication } = registration;
  if (authentication.method === 'tls_client_auth') {
    demandAuthority(ports, { certificate, intermediates }, authentication);
  }
  return {
    registration,
    method: authentication.method,
    claim: null,
    workload: null,
    certificate: certificate.thumbprint,
    instanceKey: null,
    attestedPosture: null,
  };
}

function fits({ authentication }: CertificateCaller, certificate: Certificate): boolean {
  return authentication.method === 'tls_client_auth'
    ? hasName(certificate, authentication.name)
    : authentication.thumbprints.has(certificate.thumbprint);
}

/** Nothing stands in for the registered name: no common name for a DNS name, no wildcard, no part of either. */
function hasName({ names, subjectDn }: Certificate, { kind, value }: CertificateName): boolean {
  switch (kind) {
    case 'subject_dn':
      return subjectDn === value;
    case 'san_dns':
      return names.dns.includes(value);
    case 'san_uri':
      return names.uri.includes(value);
    case 'san_ip':
      return names.ip.includes(value);
    case 'san_email':
      return names.email.includes(value);
  }
}

function demandAuthority(
  { certificates, clock }: CallerPorts,
  presented: { certificate: Certificate; intermediates: readonly Certificate[] },
  { authorities, revoked }: IssuedCertificate,
): void {
  const { certificate, intermediates } = presented;
  if ([certificate, ...intermediates].some(({ thumbprint }) => revoked.has(thumbprint))) {
    throw new OAuthError('client.bad_certificate', 'it is revoked');
  }
  if (
    !leadsToAuthority(certificate, intermediates, { authorities, signatures: certificates, now: clock.now() })
  ) {
    throw new OAuthError('client.bad_certificate', 'it does not lead to a registered authority');
  }
}
