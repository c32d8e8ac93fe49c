import { X509Certificate } from 'node:crypto';
import { leadsToAuthority, readCertificate, type Certificate } from '#core';
import { makeAuthority, makeCertificate, PURPOSE } from '../../../../test/support/certificates.ts';
import { NodeCertificateSignatures } from './node-certificate-signatures.ts';

const signatures = new NodeCertificateSignatures();
const now = Date.now();
const DAY_MS = 86_400_000;

function read(der: Uint8Array): Certificate {
  const certificate = readCertificate(der);
  if (certificate === null) throw new Error('the certificate cannot be read');
  return certificate;
}

const root = makeAuthority('Root');
const stranger = makeAuthority('Root');
const issuing = makeAuthority('Issuing', { issuer: root, mostBelow: 0 });
const leaf = makeCertificate({ issuer: root, dns: 'refunder.example' });

function leads(
  client: Uint8Array,
  chain: readonly Uint8Array[] = [],
  anchor: Uint8Array = root.der,
): boolean {
  const authorities = [read(anchor)];
  return leadsToAuthority(read(client), chain.map(read), { authorities, signatures, now });
}

describe('what is read of a certificate', () => {
  it('is what OpenSSL reads', () => {
    const made = makeCertificate({
      subject: [
        ['C', 'DE'],
        ['O', 'Acme, Inc.'],
        ['CN', ' a+b\u0000"c '],
      ],
      dns: 'refunder.example',
      uri: 'spiffe://prod.example/a',
      email: 'a@example.com',
      ip: [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      purposes: [PURPOSE.client],
    });
    const openssl = new X509Certificate(made.der);
    const certificate = read(made.der);
    expect(certificate).toMatchObject({
      names: {
        dns: ['refunder.example'],
        uri: ['spiffe://prod.example/a'],
        email: ['a@example.com'],
        ip: ['2001:db8::1'],
      },
      isAuthority: false,
      maySign: true,
      mayCertify: false,
      isForClients: true,
      isUnderstood: true,
      notBefore: Date.parse(openssl.validFrom),
      notAfter: Date.parse(openssl.validTo),
    });
    expect(certificate.subjectDn).toBe(openssl.subject.split('\n').toReversed().join(','));
    expect(certificate.subjectDn).toBe('CN=\\ a\\+b\\00\\"c\\ ,O=Acme\\, Inc.,C=DE');
    const fingerprint = Buffer.from(certificate.thumbprint, 'base64url').toString('hex').toUpperCase();
    expect(fingerprint).toBe(openssl.fingerprint256.replaceAll(':', ''));
  });

  it('is nothing where it is no certificate, cut off anywhere, or followed by something', () => {
    for (let length = 0; length < leaf.der.length; length += 1) {
      expect(readCertificate(leaf.der.subarray(0, length))).toBeNull();
    }
    expect(readCertificate(Buffer.concat([leaf.der, Buffer.from([0])]))).toBeNull();
    expect(readCertificate(Buffer.concat([leaf.der, leaf.der]))).toBeNull();
    expect(readCertificate(Buffer.alloc(10_000, 0x30))).toBeNull();
  });

  it('never throws, whichever octet is changed', () => {
    for (let at = 0; at < leaf.der.length; at += 1) {
      const changed = Buffer.from(leaf.der);
      changed[at] = (changed[at] ?? 0) ^ 0x5a;
      expect(() => readCertificate(changed)).not.toThrow();
      const certificate = readCertificate(changed);
      // Whatever can still be read of it has lost its signature, or is longer what it was.
      const authorities = [read(root.der)];
      expect(
        certificate !== null && leadsToAuthority(certificate, [], { authorities, signatures, now }),
      ).toBe(false);
    }
  });
});

describe('C-22 a path to a registered authority', () => {
  const deep = makeCertificate({ issuer: issuing });
  const low = makeAuthority('Low', { issuer: issuing });
  it.each<[string, Uint8Array, readonly Uint8Array[], boolean]>([
    ['a certificate of the authority', leaf.der, [], true],
    ['one of an intermediate', deep.der, [issuing.der], true],
    ['one with the authority itself behind it', deep.der, [issuing.der, root.der], true],
    ['no intermediate, where one is needed', deep.der, [], false],
    ['one more than is needed', leaf.der, [issuing.der], false],
    ['an extra authority at the end', deep.der, [issuing.der, stranger.der], false],
    [
      'too many steps below an authority',
      makeCertificate({ issuer: low }).der,
      [low.der, issuing.der],
      false,
    ],
    ['another authority of the same name', makeCertificate({ issuer: stranger }).der, [], false],
    ['one that signed itself', makeCertificate().der, [], false],
    ['one that a client signed', makeCertificate({ issuer: leaf }).der, [leaf.der], false],
    [
      'an intermediate that may not certify',
      deep.der,
      [makeAuthority('Issuing', { issuer: root, usage: 0x80, keys: keysOf(issuing) }).der],
      false,
    ],
    ['an authority as a client', issuing.der, [], false],
    ['one for servers', makeCertificate({ issuer: root, purposes: [PURPOSE.server] }).der, [], false],
    [
      'one for servers and clients',
      makeCertificate({ issuer: root, purposes: Object.values(PURPOSE) }).der,
      [],
      true,
    ],
    ['one that may not sign', makeCertificate({ issuer: root, usage: 0x20 }).der, [], false],
    ['an expired one', makeCertificate({ issuer: root, notAfter: new Date(now - 1000) }).der, [], false],
    ['one of tomorrow', makeCertificate({ issuer: root, notBefore: new Date(now + DAY_MS) }).der, [], false],
    [
      'something critical that is not understood',
      makeCertificate({ issuer: root, criticalExtension: '2a03' }).der,
      [],
      false,
    ],
    ['name constraints', makeCertificate({ issuer: root, criticalExtension: '551d1e' }).der, [], false],
  ])('%s', (_, client, chain, expected) => {
    expect(leads(client, chain)).toBe(expected);
    expect(leads(leaf.der)).toBe(true);
  });

  it('an authority that has expired vouches for nobody', () => {
    const old = makeAuthority('Root', { notAfter: new Date(now - 1000), keys: keysOf(root) });
    expect(leads(leaf.der, [], old.der)).toBe(false);
  });

  it('CVE-2025-6037: a certificate that is no authority vouches for nobody, itself least of all', () => {
    expect(leads(leaf.der, [], leaf.der)).toBe(false);
    expect(leads(makeCertificate({ issuer: leaf }).der, [], leaf.der)).toBe(false);
  });
});

function keysOf({ privateKey, der }: { privateKey: import('node:crypto').KeyObject; der: Buffer }) {
  return { privateKey, publicKey: new X509Certificate(der).publicKey };
}
