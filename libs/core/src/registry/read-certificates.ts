import { hasPrivateMembers } from '../keys/public-key.ts';
import { isJsonObject } from '../shared/strict-json.ts';
import { readCertificate, type Certificate } from '../x509/certificate.ts';
import { canonicalIp } from '../x509/general-names.ts';
import type { CertificateName, IssuedCertificate, OwnCertificates } from './caller-authentication.ts';
import { isTexts, type DocumentReader } from './document-reader.ts';

const MAX_AUTHORITIES = 8;
const MAX_CERTIFICATES = 16;

const NAMES: Readonly<Record<CertificateName['kind'], RegExp>> = {
  // RFC 4514 as it is compared: no blanks around the commas.
  subject_dn: /^[A-Za-z]+=(?!.*[^\\], ).+$/,
  san_dns: /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/,
  san_uri: /^[a-z][a-z0-9+.-]*:[!-~]+$/,
  san_ip: /^[0-9A-Fa-f:.]+$/,
  san_email: /^[!-~]+@[!-~]+$/,
};

const KINDS = ['subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email'] as const;

/** Reads the `tls_client_auth` of a caller. What is wrong with it is noted in `document`. */
export function readIssuedCertificate(document: DocumentReader): IssuedCertificate {
  const read = document.part('tls_client_auth', [
    ...KINDS,
    'certificate_authorities',
    'revoked_certificates',
  ]);
  return {
    method: 'tls_client_auth',
    name: readName(read),
    authorities: readAuthorities(read),
    revoked: read.has('revoked_certificates') ? readThumbprints(read, 'revoked_certificates') : new Set(),
  };
}

function readName(read: DocumentReader): CertificateName {
  const [kind = 'subject_dn', another] = KINDS.filter((one) => read.has(one));
  if (another !== undefined || !read.has(kind))
    read.refuse('', `must have exactly one of ${KINDS.join(', ')}`);
  if (!read.has(kind)) return { kind, value: '' };
  const value = read.text(kind, NAMES[kind]);
  if (kind !== 'san_ip') return { kind, value };
  const ip = canonicalIp(value);
  if (ip === null) read.refuse(kind, 'must be an IP address');
  return { kind, value: ip ?? '' };
}

function readAuthorities(read: DocumentReader): readonly Certificate[] {
  const listed = read.texts('certificate_authorities', { maxChars: 16_384 });
  if (listed.length === 0 || listed.length > MAX_AUTHORITIES) {
    read.refuse('certificate_authorities', `must be a list of 1 to ${MAX_AUTHORITIES} certificates in PEM`);
  }
  return listed.flatMap((pem, at) => {
    const certificate = readPem(pem);
    if (certificate?.isAuthority === true && certificate.mayCertify && certificate.isUnderstood)
      return [certificate];
    // One that is no authority would vouch for nobody, or, where others are careless, for whom it likes.
    read.refuse(
      `certificate_authorities/${at}`,
      'must be one PEM certificate of a certificate authority, X.509 v3',
    );
    return [];
  });
}

/** Reads the `self_signed_tls_client_auth` of a caller. What is wrong with it is noted in `document`. */
export function readOwnCertificates(document: DocumentReader): OwnCertificates {
  const read = document.part('self_signed_tls_client_auth', ['jwks', 'certificate_thumbprints']);
  const thumbprints = new Set([
    ...(read.has('jwks') ? readCertificateKeys(read) : []),
    ...(read.has('certificate_thumbprints') ? readThumbprints(read, 'certificate_thumbprints') : []),
  ]);
  if (!read.has('jwks') && !read.has('certificate_thumbprints')) {
    read.refuse('', 'must have jwks with x5c, or certificate_thumbprints');
  }
  return { method: 'self_signed_tls_client_auth', thumbprints };
}

/** RFC 8705 §2.2.2: the certificate is the first of a key's `x5c`. */
function readCertificateKeys(read: DocumentReader): readonly string[] {
  const set = read.value('jwks');
  const keys: unknown = isJsonObject(set) ? set['keys'] : undefined;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_CERTIFICATES) {
    read.refuse('jwks', `must be a JWK set of 1 to ${MAX_CERTIFICATES} public keys with x5c`);
    return [];
  }
  return keys.flatMap((key: unknown, at) => {
    const x5c: unknown = isJsonObject(key) && !hasPrivateMembers(key) ? key['x5c'] : undefined;
    const certificate = isTexts(x5c, 16_384) ? readBase64(x5c[0] ?? '') : null;
    if (certificate !== null) return [certificate.thumbprint];
    read.refuse(`jwks/keys/${at}`, 'must be a public key with its certificate in x5c');
    return [];
  });
}

function readThumbprints(read: DocumentReader, member: string): ReadonlySet<string> {
  const listed = read.texts(member);
  const isSound = listed.length > 0 && listed.length <= 256 && listed.every((one) => THUMBPRINT.test(one));
  if (!isSound)
    read.refuse(member, 'must be a list of 1 to 256 SHA-256 digests of certificates, in base64url');
  return new Set(listed);
}

const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

const PEM = /^\s*-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;

function readPem(text: string): Certificate | null {
  const [, base64] = PEM.exec(text) ?? [];
  return base64 === undefined ? null : readBase64(base64.replaceAll(/\s/g, ''));
}

function readBase64(text: string): Certificate | null {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? readCertificate(Buffer.from(text, 'base64')) : null;
}
