import type { UriRules } from '../operation/target-uri.ts';
import type { CallerAuthentication, CertificateAuthentication, OwnKeys } from './caller-authentication.ts';
import type { DocumentReader } from './document-reader.ts';
import { readAttestation } from './read-attestation.ts';
import { readIssuedCertificate, readOwnCertificates } from './read-certificates.ts';
import { readFederation } from './read-federation.ts';
import { readSpiffeIdentity } from './read-spiffe-identity.ts';

/** Members that each name one way to authenticate, which every caller may have. */
const WAYS = ['jwks', 'tls_client_auth', 'self_signed_tls_client_auth'] as const;

/** What vouches for a caller in these ways can be shown again. */
export const VOUCHED_WAYS = ['federation', 'spiffe'] as const;

/** Ways that a client has besides: an installation proves its key by a DPoP proof, which only `/token` asks for. */
export const CLIENT_WAYS = [...VOUCHED_WAYS, 'attestation'] as const;

export const CALLER_MEMBERS = [
  'client_id',
  ...WAYS,
  'algorithms',
  'legacy_audience',
  'max_assertion_seconds',
  'quota',
] as const;

/** A client's way to authenticate: exactly one. */
export function readClientAuthentication(read: DocumentReader, rules: UriRules): CallerAuthentication {
  const way = onlyWay(read, [...WAYS, ...CLIENT_WAYS]);
  switch (way) {
    case 'attestation':
      refuseUnlessSigned(read, ['legacy_audience']);
      return readAttestation(read, rules);
    case 'federation':
    case 'spiffe':
      return readVouchedWay(read, way, rules);
    case 'jwks':
    case 'tls_client_auth':
    case 'self_signed_tls_client_auth':
      return readOwnWay(read, way);
  }
}

/** A resource server's way to authenticate: exactly one. */
export function readServerAuthentication(read: DocumentReader, rules: UriRules): CallerAuthentication {
  const way = onlyWay(read, [...WAYS, ...VOUCHED_WAYS]);
  return way === 'federation' || way === 'spiffe' ? readVouchedWay(read, way, rules) : readOwnWay(read, way);
}

function readVouchedWay(
  read: DocumentReader,
  way: (typeof VOUCHED_WAYS)[number],
  rules: UriRules,
): CallerAuthentication {
  refuseUnlessSigned(read, ['legacy_audience']);
  return way === 'federation' ? readFederation(read, rules) : readSpiffeIdentity(read, rules);
}

function onlyWay<Way extends string>(read: DocumentReader, ways: readonly Way[]): Way | 'jwks' {
  const [way, another] = ways.filter((member) => read.has(member));
  if (another !== undefined) read.refuse(another, `must not be there beside ${way}: one way is enough`);
  return way ?? 'jwks';
}

function readOwnWay(read: DocumentReader, way: (typeof WAYS)[number]): OwnKeys | CertificateAuthentication {
  if (way === 'jwks') return readOwnKeys(read);
  refuseUnlessSigned(read, ['algorithms', 'legacy_audience', 'max_assertion_seconds']);
  return way === 'tls_client_auth' ? readIssuedCertificate(read) : readOwnCertificates(read);
}

function readOwnKeys(read: DocumentReader): OwnKeys {
  return {
    method: 'private_key_jwt',
    keys: read.keys('jwks'),
    algorithms: read.algorithms(),
    legacyAudience: read.flag('legacy_audience'),
    maxAssertionSeconds: read.wholeNumber('max_assertion_seconds', { least: 60, most: 3600, fallback: 600 }),
  };
}

function refuseUnlessSigned(read: DocumentReader, members: readonly string[]): void {
  for (const member of members) {
    if (read.has(member)) read.refuse(member, 'is for callers that sign assertions');
  }
}
