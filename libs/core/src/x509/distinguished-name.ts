import { DER, readElements, readOid, readWithin, type DerElement } from './der.ts';

/** Short names of attribute types (RFC 4514 §3, and those that certificates have besides). */
const TYPES = new Map([
  ['550403', 'CN'],
  ['550404', 'SN'],
  ['550405', 'serialNumber'],
  ['550406', 'C'],
  ['550407', 'L'],
  ['550408', 'ST'],
  ['550409', 'STREET'],
  ['55040a', 'O'],
  ['55040b', 'OU'],
  ['55040c', 'title'],
  ['55042a', 'GN'],
  ['0992268993f22c640101', 'UID'],
  ['0992268993f22c640119', 'DC'],
  ['2a864886f70d010901', 'emailAddress'],
]);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A distinguished name as text, in the one spelling that is compared: last part first, no blanks around the commas.
 * Null for a name with parts that have no such spelling here; nobody is found by it.
 *
 * Spec   RFC 4514 §2
 */
export function readDistinguishedName(name: Uint8Array): string | null {
  const parts = readWithin(name, DER.sequence)?.map((part) => readPart(part));
  if (parts === undefined || parts.length === 0 || parts.includes(null)) return null;
  return parts.toReversed().join(',');
}

function readPart(part: DerElement): string | null {
  const attributes = part.tag === DER.set ? readElements(part.content) : null;
  const texts = attributes?.map((attribute) => readAttribute(attribute));
  return texts === undefined || texts.length === 0 || texts.includes(null) ? null : texts.join('+');
}

function readAttribute({ tag, content }: DerElement): string | null {
  const [oid, value, more] = (tag === DER.sequence ? readElements(content) : null) ?? [];
  const type = TYPES.get(readOid(oid) ?? '');
  const text = value === undefined || more !== undefined ? null : readString(value);
  return type === undefined || text === null ? null : `${type}=${escaped(text)}`;
}

function readString({ tag, content }: DerElement): string | null {
  if (tag !== DER.utf8String && tag !== DER.printableString && tag !== DER.ia5String) return null;
  try {
    const text = utf8.decode(content);
    return tag === DER.utf8String || text.length === content.length ? text : null;
  } catch {
    return null;
  }
}

/** RFC 4514 §2.4. A NUL is shown, so that a name does not end at it. */
function escaped(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const controls = /[\0-\x1f\x7f]/g;
  return text
    .replaceAll(/["+,;<>\\]/g, '\\$&')
    .replaceAll(controls, (char) => `\\${char.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ');
}
