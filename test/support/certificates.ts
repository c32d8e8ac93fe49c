import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { oid, sequence, tagged, time } from './der.ts';

/** A certificate with its key. */
export interface MadeCertificate {
  readonly der: Buffer;
  readonly pem: string;
  readonly privateKey: KeyObject;
  /** `x5t#S256` */
  readonly thumbprint: string;
  /** The name in it, encoded. */
  readonly subject: Buffer;
}

export interface CertificateWishes {
  /** Attributes in the order in which they are encoded: `[['O', 'Acme'], ['CN', 'refunder']]`. */
  readonly subject?: readonly (readonly [keyof typeof ATTRIBUTES, string])[];
  readonly dns?: string;
  readonly uri?: string;
  readonly email?: string;
  /** Four or sixteen octets. */
  readonly ip?: readonly number[];
  /** Who signs; absent: the certificate itself. */
  readonly issuer?: Pick<MadeCertificate, 'privateKey' | 'subject'>;
  readonly isAuthority?: boolean;
  readonly mostBelow?: number;
  /** Object identifiers of purposes, as hexadecimal digits. */
  readonly purposes?: readonly string[];
  /** First octet of the key usage. */
  readonly usage?: number;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly criticalExtension?: string;
  readonly keys?: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
}

const ATTRIBUTES = { CN: '550403', C: '550406', O: '55040a', OU: '55040b' };

export const PURPOSE = { client: '2b06010505070302', server: '2b06010505070301' };

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));
const DAY_MS = 86_400_000;
const TRUE = tagged(0x01, Buffer.from([0xff]));

/** An X.509 certificate with a P-256 key, as it is wished for: sound or not. */
export function makeCertificate(wishes: CertificateWishes = {}): MadeCertificate {
  const { privateKey, publicKey } = wishes.keys ?? generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = nameOf(wishes.subject ?? [['CN', 'somebody']]);
  const now = Date.now();
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    wishes.issuer?.subject ?? subject,
    sequence(
      time(wishes.notBefore ?? new Date(now - DAY_MS)),
      time(wishes.notAfter ?? new Date(now + DAY_MS)),
    ),
    subject,
    publicKey.export({ format: 'der', type: 'spki' }),
    ...extensionsOf(wishes),
  );
  const signature = sign('sha256', body, wishes.issuer?.privateKey ?? privateKey);
  const der = sequence(body, ECDSA_WITH_SHA256, tagged(0x03, Buffer.alloc(1), signature));
  const lines =
    der
      .toString('base64')
      .match(/.{1,64}/g)
      ?.join('\n') ?? '';
  return {
    der,
    pem: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    privateKey,
    thumbprint: createHash('sha256').update(der).digest('base64url'),
    subject,
  };
}

export function makeAuthority(name: string, wishes: CertificateWishes = {}): MadeCertificate {
  return makeCertificate({ subject: [['CN', name]], isAuthority: true, ...wishes });
}

/** As RFC 9440 writes one into `Client-Cert`. */
export function clientCert({ der }: Pick<MadeCertificate, 'der'>): string {
  return `:${der.toString('base64')}:`;
}

function nameOf(attributes: NonNullable<CertificateWishes['subject']>): Buffer {
  return sequence(
    ...attributes.map(([type, value]) =>
      tagged(0x31, sequence(oid(ATTRIBUTES[type]), tagged(0x0c, Buffer.from(value)))),
    ),
  );
}

function extensionsOf(wishes: CertificateWishes): readonly Buffer[] {
  const { isAuthority = false, mostBelow, purposes, criticalExtension } = wishes;
  const usage = wishes.usage ?? (isAuthority ? 0x06 : 0x80);
  const names = generalNamesOf(wishes);
  const limit = mostBelow === undefined ? [] : [tagged(0x02, Buffer.from([mostBelow]))];
  const extensions = [
    extension('551d13', sequence(...(isAuthority ? [TRUE, ...limit] : [])), true),
    extension('551d0f', tagged(0x03, Buffer.from([0, usage])), true),
    ...(names.length === 0 ? [] : [extension('551d11', sequence(...names))]),
    ...(purposes === undefined ? [] : [extension('551d25', sequence(...purposes.map(oid)))]),
    ...(criticalExtension === undefined ? [] : [extension(criticalExtension, sequence(), true)]),
  ];
  return [tagged(0xa3, sequence(...extensions))];
}

function extension(type: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(type), ...(isCritical ? [TRUE] : []), tagged(0x04, value));
}

function generalNamesOf({ dns, uri, email, ip }: CertificateWishes): readonly Buffer[] {
  return [
    ...(email === undefined ? [] : [tagged(0x81, Buffer.from(email))]),
    ...(dns === undefined ? [] : [tagged(0x82, Buffer.from(dns))]),
    ...(uri === undefined ? [] : [tagged(0x86, Buffer.from(uri))]),
    ...(ip === undefined ? [] : [tagged(0x87, Buffer.from(ip))]),
  ];
}
