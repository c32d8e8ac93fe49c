import { X509Certificate, type KeyObject } from 'node:crypto';
import type { CertificateSignatures } from '#core';

/** RSA keys of authorities: as strong as those of callers (FAPI 2.0 §5.4.1). */
const LEAST_RSA_BITS = 2048;

/** Signatures of certificates, checked by OpenSSL, which also holds names, key identifiers and key usage together. */
export class NodeCertificateSignatures implements CertificateSignatures {
  isSignedBy(certificate: Uint8Array, issuer: Uint8Array): boolean {
    try {
      const below = new X509Certificate(certificate);
      const above = new X509Certificate(issuer);
      return below.checkIssued(above) && isStrong(above.publicKey) && below.verify(above.publicKey);
    } catch {
      return false;
    }
  }
}

function isStrong({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean {
  if (type === 'rsa' || type === 'rsa-pss') return (details?.modulusLength ?? 0) >= LEAST_RSA_BITS;
  if (type === 'ec') return ['prime256v1', 'secp384r1', 'secp521r1'].includes(details?.namedCurve ?? '');
  return type === 'ed25519';
}
