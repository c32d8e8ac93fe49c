import { makeAuthority, makeCertificate } from '../../../../test/support/certificates.ts';
import { readClient } from './read-registrations.ts';

const root = makeAuthority('Root');
const leaf = makeCertificate({ issuer: root });
const client = { client_id: 'batch', identity_providers: [], resource_servers: [] };
const issued = { san_dns: 'batch.example', certificate_authorities: [root.pem] };

function read(way: object) {
  return readClient({ ...client, ...way }, { allowHttpLoopback: false });
}

function pointers(way: object): readonly string[] {
  const result = read(way);
  return 'problems' in result ? result.problems.map(({ pointer }) => pointer) : [];
}

it('reads the name in a certificate, and who may issue it', () => {
  const revoked = [leaf.thumbprint];
  expect(read({ tls_client_auth: { ...issued, revoked_certificates: revoked } })).toMatchObject({
    registration: {
      authentication: {
        method: 'tls_client_auth',
        name: { kind: 'san_dns', value: 'batch.example' },
        authorities: [{ thumbprint: root.thumbprint, subjectDn: 'CN=Root' }],
        revoked: new Set(revoked),
      },
    },
  });
});

it.each([
  ['subject_dn', 'CN=batch,O=Acme\\, Inc.,C=DE', 'CN=batch,O=Acme\\, Inc.,C=DE'],
  ['san_uri', 'spiffe://acme.example/batch', 'spiffe://acme.example/batch'],
  ['san_email', 'batch@acme.example', 'batch@acme.example'],
  ['san_ip', '192.0.2.7', '192.0.2.7'],
  ['san_ip', '2001:DB8:0:0::1', '2001:db8::1'],
])('reads a %s', (kind, value, expected) => {
  const way = { tls_client_auth: { ...issued, san_dns: undefined, [kind]: value } };
  expect(read(way)).toMatchObject({ registration: { authentication: { name: { kind, value: expected } } } });
});

const T = '#/tls_client_auth';

it.each<[string, Record<string, unknown>, readonly string[]]>([
  ['no name', { san_dns: undefined }, [T]],
  ['two names', { san_uri: 'a:b' }, [T]],
  ['a wildcard', { san_dns: '*.example' }, [`${T}/san_dns`]],
  ['a name in upper case', { san_dns: 'Batch.example' }, [`${T}/san_dns`]],
  ['blanks between parts', { san_dns: undefined, subject_dn: 'CN=a, O=b' }, [`${T}/subject_dn`]],
  ['an address that is none', { san_dns: undefined, san_ip: '192.0.2.256' }, [`${T}/san_ip`]],
  ['no authority', { certificate_authorities: [] }, [`${T}/certificate_authorities`]],
  ['one too many', { certificate_authorities: Array(9).fill(root.pem) }, [`${T}/certificate_authorities`]],
  [
    'CVE-2025-6037: a certificate that is no authority',
    { certificate_authorities: [root.pem, leaf.pem] },
    [`${T}/certificate_authorities/1`],
  ],
  [
    'an authority that may not certify',
    { certificate_authorities: [makeAuthority('A', { usage: 0x80 }).pem] },
    [`${T}/certificate_authorities/0`],
  ],
  [
    'C-17: a key behind the certificate',
    {
      certificate_authorities: [
        `${root.pem}${String(root.privateKey.export({ format: 'pem', type: 'pkcs8' }))}`,
      ],
    },
    [`${T}/certificate_authorities/0`],
  ],
  ['something else', { certificate_authorities: ['x'] }, [`${T}/certificate_authorities/0`]],
  ['a thumbprint in hexadecimal', { revoked_certificates: ['ab'.repeat(32)] }, [`${T}/revoked_certificates`]],
  ['an unknown member', { san_other: 'x' }, [`${T}/san_other`]],
])('tls_client_auth: refuses %s', (_, changes, expected) => {
  expect(pointers({ tls_client_auth: { ...issued, ...changes } })).toEqual(expected);
  expect(pointers({ tls_client_auth: issued })).toEqual([]);
});

const x5c = [leaf.der.toString('base64')];
const S = '#/self_signed_tls_client_auth';

it('reads certificates that are registered themselves, as thumbprints or in keys', () => {
  const jwks = { keys: [{ kty: 'EC', x5c }] };
  const way = { self_signed_tls_client_auth: { jwks, certificate_thumbprints: [root.thumbprint] } };
  expect(read(way)).toMatchObject({
    registration: { authentication: { thumbprints: new Set([leaf.thumbprint, root.thumbprint]) } },
  });
});

it.each<[string, unknown, readonly string[]]>([
  ['nothing', {}, [S]],
  ['a key without certificate', { jwks: { keys: [{ kty: 'EC' }] } }, [`${S}/jwks/keys/0`]],
  ['C-17: a private key', { jwks: { keys: [{ kty: 'EC', d: 'AA', x5c }] } }, [`${S}/jwks/keys/0`]],
  ['C-17: a symmetric key', { jwks: { keys: [{ kty: 'oct', k: 'AA', x5c }] } }, [`${S}/jwks/keys/0`]],
  ['no certificate in x5c', { jwks: { keys: [{ kty: 'EC', x5c: ['AAAA'] }] } }, [`${S}/jwks/keys/0`]],
  ['a thumbprint that is none', { certificate_thumbprints: ['x'] }, [`${S}/certificate_thumbprints`]],
])('self_signed_tls_client_auth: refuses %s', (_, way, expected) => {
  expect(pointers({ self_signed_tls_client_auth: way })).toEqual(expected);
});

it.each(['algorithms', 'legacy_audience', 'max_assertion_seconds'])('a certificate has no %s', (member) => {
  expect(pointers({ tls_client_auth: issued, [member]: [] })).toEqual([`#/${member}`]);
});
