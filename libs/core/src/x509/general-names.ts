import { DER, readWithin, type DerElement } from './der.ts';

/** Alternative names of a certificate's subject, as they are written in it (RFC 5280 §4.2.1.6). */
export interface AlternativeNames {
  readonly dns: readonly string[];
  readonly uri: readonly string[];
  readonly email: readonly string[];
  /** As `canonicalIp` writes them. */
  readonly ip: readonly string[];
}

export const NO_NAMES: AlternativeNames = { dns: [], uri: [], email: [], ip: [] };

const TAGS = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 };

/** Reads the extension's value. Names of other kinds are passed over; null when it is malformed. */
export function readGeneralNames(value: Uint8Array): AlternativeNames | null {
  const names = readWithin(value, DER.sequence);
  if (names === null || names.length === 0) return null;
  const texts = (tag: number): readonly string[] =>
    names.filter((name) => name.tag === tag).map(({ content }) => Buffer.from(content).toString('latin1'));
  return {
    dns: texts(TAGS.dns),
    uri: texts(TAGS.uri),
    email: texts(TAGS.email),
    ip: names.filter(({ tag }) => tag === TAGS.ip).flatMap((name) => ipOf(name) ?? []),
  };
}

/** An IP address in one spelling; null when the text is none. */
export function canonicalIp(text: string): string | null {
  if (/^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text)) return text;
  const url = `http://[${text}]/`;
  return /^[0-9A-Fa-f:.]{2,45}$/.test(text) && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : null;
}

function ipOf({ content }: DerElement): string | null {
  if (content.length === 4) return content.join('.');
  if (content.length !== 16) return null;
  return canonicalIp(
    Array.from({ length: 8 }, (_, at) =>
      Buffer.from(content)
        .readUInt16BE(at * 2)
        .toString(16),
    ).join(':'),
  );
}
