import { makeCertificate } from './certificates.ts';

interface TlsCertificateWishes {
  readonly host: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate that vouches for itself (RFC 5280), with its P-256 key; both PEM. For tests of TLS. */
export function selfSignedCertificate({ host, ...validity }: TlsCertificateWishes): {
  cert: string;
  key: string;
} {
  const { pem, privateKey } = makeCertificate({ subject: [['CN', host]], dns: host, ...validity });
  return { cert: pem, key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}
