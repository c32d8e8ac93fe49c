/** One value of ASN.1 in its distinguished encoding. */
export interface DerElement {
  /** The identifier octet: class, form and number in one. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** With identifier and length. */
  readonly bytes: Uint8Array;
}

export const DER = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

const MAX_ELEMENTS = 256;

/**
 * The elements that make up `bytes`, none left over. Null for whatever is not DER as certificates use it: indefinite
 * or padded lengths, tags of several octets, anything cut off.
 *
 * Spec   X.690 §8.1, §10.1
 */
export function readElements(bytes: Uint8Array): readonly DerElement[] | null {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const element = readElement(bytes, at);
    if (element === null || elements.length === MAX_ELEMENTS) return null;
    elements.push(element);
    at += element.bytes.length;
  }
  return elements;
}

/** The elements inside the one that `bytes` are, if it has this tag. */
export function readWithin(bytes: Uint8Array, tag: number): readonly DerElement[] | null {
  const [only, another] = readElements(bytes) ?? [];
  return only?.tag !== tag || another !== undefined ? null : readElements(only.content);
}

/** An object identifier as hexadecimal digits of its encoding; null when the element is none. */
export function readOid(element: DerElement | undefined): string | null {
  if (element?.tag !== DER.oid || element.content.length === 0 || element.content.length > 32) return null;
  return Buffer.from(element.content).toString('hex');
}

function readElement(bytes: Uint8Array, start: number): DerElement | null {
  const [tag, first] = bytes.subarray(start);
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
  const lengthOctets = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || lengthOctets > 3) return null;
  const head = 2 + lengthOctets;
  const octets = bytes.subarray(start + 2, start + head);
  if (octets.length < lengthOctets) return null;
  const length = lengthOctets === 0 ? first : octets.reduce((sum, octet) => sum * 256 + octet, 0);
  // The shortest way to write a length is the only one.
  if (lengthOctets > 0 && (length < 0x80 || octets[0] === 0)) return null;
  const end = start + head + length;
  if (end > bytes.length) return null;
  return { tag, content: bytes.subarray(start + head, end), bytes: bytes.subarray(start, end) };
}
