import { DER, readElements, readOid, readWithin, type DerElement } from './der.ts';
import { NO_NAMES, readGeneralNames, type AlternativeNames } from './general-names.ts';

/** What the extensions of a certificate say of what it is good for (RFC 5280 §4.2). */
export interface CertificateUse {
  readonly names: AlternativeNames;
  readonly isAuthority: boolean;
  /** Most authorities that may stand between this one and a certificate of a client; null: any number. */
  readonly mostBelow: number | null;
  readonly maySign: boolean;
  readonly mayCertify: boolean;
  readonly isForClients: boolean;
  /** False when there is something critical that is not understood here: then it is good for nothing. */
  readonly isUnderstood: boolean;
}

const OID = {
  keyUsage: '551d0f',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
  nameConstraints: '551d1e',
  extendedKeyUsage: '551d25',
  clientAuth: '2b06010505070302',
};

const UNDERSTOOD = new Set([OID.keyUsage, OID.subjectAltName, OID.basicConstraints, OID.extendedKeyUsage]);

interface Extension {
  readonly isCritical: boolean;
  readonly value: Uint8Array;
}

/** Reads the extensions of a certificate; `field` is their list. Null when they are malformed or one is there twice. */
export function readCertificateUse(field: Uint8Array | null): CertificateUse | null {
  const listed = field === null ? [] : readWithin(field, DER.sequence);
  if (listed === null) return null;
  const extensions = new Map<string, Extension>();
  for (const one of listed) {
    const extension = readExtension(one);
    if (extension === null || extensions.has(extension.oid)) return null;
    extensions.set(extension.oid, extension);
  }
  const value = <Value>(
    oid: string,
    absent: Value,
    read: (value: Uint8Array) => Value | null,
  ): Value | null => {
    const extension = extensions.get(oid);
    return extension === undefined ? absent : read(extension.value);
  };
  const names = value(OID.subjectAltName, NO_NAMES, readGeneralNames);
  const constraints = value(OID.basicConstraints, { isAuthority: false, mostBelow: null }, readConstraints);
  const usage = value(OID.keyUsage, { maySign: true, mayCertify: true }, readUsage);
  const isForClients = value(OID.extendedKeyUsage, true, readIsForClients);
  if (names === null || constraints === null || usage === null || isForClients === null) return null;
  const isUnderstood = [...extensions].every(
    ([oid, { isCritical }]) => UNDERSTOOD.has(oid) || (!isCritical && oid !== OID.nameConstraints),
  );
  return { names, ...constraints, ...usage, isForClients, isUnderstood };
}

function readExtension({ tag, content }: DerElement): (Extension & { oid: string }) | null {
  const parts = tag === DER.sequence ? readElements(content) : null;
  const oid = readOid(parts?.[0]);
  const [second, third, more] = parts?.slice(1) ?? [];
  if (oid === null || second === undefined || more !== undefined) return null;
  const isCritical = second.tag === DER.boolean && second.content.length === 1 && second.content[0] === 0xff;
  const value = isCritical ? third : second;
  if (value?.tag !== DER.octetString || (!isCritical && third !== undefined)) return null;
  return { oid, isCritical, value: value.content };
}

function readConstraints(value: Uint8Array): { isAuthority: boolean; mostBelow: number | null } | null {
  const parts = readWithin(value, DER.sequence);
  if (parts === null) return null;
  const [flag, limit, more] = parts;
  if (flag === undefined) return { isAuthority: false, mostBelow: null };
  if (flag.tag !== DER.boolean || flag.content[0] !== 0xff || more !== undefined) return null;
  if (limit === undefined) return { isAuthority: true, mostBelow: null };
  const [mostBelow] = limit.content;
  const isSmall = limit.tag === DER.integer && limit.content.length === 1;
  return isSmall && mostBelow !== undefined && mostBelow < 0x80 ? { isAuthority: true, mostBelow } : null;
}

function readUsage(value: Uint8Array): { maySign: boolean; mayCertify: boolean } | null {
  const [bits, another] = readElements(value) ?? [];
  if (bits?.tag !== DER.bitString || another !== undefined) return null;
  const [, first = 0] = bits.content;
  return { maySign: (first & 0x80) !== 0, mayCertify: (first & 0x04) !== 0 };
}

function readIsForClients(value: Uint8Array): boolean | null {
  const purposes = readWithin(value, DER.sequence);
  return purposes === null ? null : purposes.some((one) => readOid(one) === OID.clientAuth);
}
