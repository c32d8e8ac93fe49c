import { sha256 } from '../shared/sha256.ts';
import type { EpochMs } from '../shared/clock.ts';
import { DER, readElements, readOid, readWithin, type DerElement } from './der.ts';
import { readDistinguishedName } from './distinguished-name.ts';
import { readCertificateUse, type CertificateUse } from './extensions.ts';

/** An X.509 certificate taken apart, not yet believed: whose signature it bears has not been looked at. */
export interface Certificate extends CertificateUse {
  readonly der: Uint8Array;
  /** `x5t#S256`: SHA-256 of all of it (RFC 8705 §3.1). */
  readonly thumbprint: string;
  /** Names of subject and issuer as they are encoded, to be compared. */
  readonly subject: string;
  readonly issuer: string;
  /** RFC 4514; null for an empty name, and for one that has no such spelling here. */
  readonly subjectDn: string | null;
  readonly notBefore: EpochMs;
  readonly notAfter: EpochMs;
  /** Signed with an algorithm that is not broken. */
  readonly isSoundlySigned: boolean;
}

const MAX_CERTIFICATE_BYTES = 8192;

/** RSA with SHA-2, in both paddings; ECDSA with SHA-2; Ed25519. */
const SOUND_ALGORITHMS = new Set([
  '2a864886f70d01010a',
  '2a864886f70d01010b',
  '2a864886f70d01010c',
  '2a864886f70d01010d',
  '2a8648ce3d040302',
  '2a8648ce3d040303',
  '2a8648ce3d040304',
  '2b6570',
]);

/**
 * Takes a certificate of version 3 apart, strictly. Null for anything that is not exactly one in DER.
 *
 * Spec   RFC 5280 §4.1
 */
export function readCertificate(der: Uint8Array): Certificate | null {
  if (der.length > MAX_CERTIFICATE_BYTES) return null;
  const [body, algorithm, signature, more] = readWithin(der, DER.sequence) ?? [];
  if (body?.tag !== DER.sequence || signature?.tag !== DER.bitString || more !== undefined) return null;
  const fields = readFields(body);
  const oid = algorithm === undefined ? null : readOid(readElements(algorithm.content)?.[0]);
  if (fields === null || oid === null) return null;
  return {
    ...fields,
    der,
    thumbprint: sha256(der).toString('base64url'),
    isSoundlySigned: SOUND_ALGORITHMS.has(oid),
  };
}

type Fields = Omit<Certificate, 'der' | 'thumbprint' | 'isSoundlySigned'>;

/** Identifier octets of the optional fields: unique ids, which nobody uses, and extensions. */
const UNIQUE_IDS = new Set([0x81, 0x82]);
const EXTENSIONS = 0xa3;
const VERSION_3 = 'a003020102';

function readFields({ content }: DerElement): Fields | null {
  const [version, serial, algorithm, issuer, validity, subject, key, ...rest] = readElements(content) ?? [];
  if (version === undefined || Buffer.from(version.bytes).toString('hex') !== VERSION_3) return null;
  if (serial?.tag !== DER.integer || algorithm?.tag !== DER.sequence || key?.tag !== DER.sequence)
    return null;
  if (issuer?.tag !== DER.sequence || subject?.tag !== DER.sequence || validity === undefined) return null;
  const [extensions, more] = rest.filter(({ tag }) => !UNIQUE_IDS.has(tag));
  if (more !== undefined || (extensions !== undefined && extensions.tag !== EXTENSIONS)) return null;
  const use = readCertificateUse(extensions?.content ?? null);
  const [from, until, another] = readWithin(validity.bytes, DER.sequence) ?? [];
  const notBefore = readTime(from);
  const notAfter = readTime(until);
  if (use === null || notBefore === null || notAfter === null || another !== undefined) return null;
  return {
    ...use,
    subject: Buffer.from(subject.bytes).toString('hex'),
    issuer: Buffer.from(issuer.bytes).toString('hex'),
    subjectDn: readDistinguishedName(subject.bytes),
    notBefore,
    notAfter,
  };
}

const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** RFC 5280 §4.1.2.5: always in UTC and to the second. Two digits of a year below 50 are in this century. */
function readTime(element: DerElement | undefined): EpochMs | null {
  if (element?.tag !== DER.utcTime && element?.tag !== DER.generalizedTime) return null;
  const text = Buffer.from(element.content).toString('latin1');
  const century = Number(text.slice(0, 2)) < 50 ? '20' : '19';
  const parts = TIME.exec(element.tag === DER.utcTime ? `${century}${text}` : text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? null : at;
}
