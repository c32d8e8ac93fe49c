/** A range of addresses. */
export interface IpNetwork {
  readonly version: 4 | 6;
  /** How many of the leading bits all of them share. */
  readonly prefix: number;
  /** Those bits, as a number. */
  readonly shared: bigint;
}

interface IpAddress {
  readonly version: 4 | 6;
  readonly value: bigint;
}

const LENGTH = { 4: 32, 6: 128 } as const;

/** `10.0.3.0/24`, or one address. Null when it is neither, or when bits are set that the prefix leaves out. */
export function readIpNetwork(text: string): IpNetwork | null {
  const [, spelt = '', length] = /^([^/]{2,39})(?:\/(0|[1-9][0-9]{0,2}))?$/.exec(text) ?? [];
  const address = readIpAddress(spelt);
  if (address === null) return null;
  const { version, value } = address;
  const prefix = length === undefined ? LENGTH[version] : Number(length);
  if (prefix > LENGTH[version]) return null;
  const others = BigInt(LENGTH[version] - prefix);
  const shared = value >> others;
  return shared << others === value ? { version, prefix, shared } : null;
}

/** Is `ip` in the network? No, when it is no address at all, or an IPv4 one that is dressed as IPv6. */
export function isInNetwork(ip: string, { version, prefix, shared }: IpNetwork): boolean {
  const address = readIpAddress(ip);
  return address?.version === version && address.value >> BigInt(LENGTH[version] - prefix) === shared;
}

function readIpAddress(text: string): IpAddress | null {
  const value = text.includes(':') ? readIpv6(text) : readIpv4(text);
  return value === null ? null : { version: text.includes(':') ? 6 : 4, value };
}

function readIpv4(text: string): bigint | null {
  const parts = text.split('.');
  const isOne = parts.length === 4 && parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part));
  return isOne && parts.every((part) => Number(part) <= 255) ? joined(parts.map(BigInt), 8n) : null;
}

/** RFC 4291 §2.2, forms 1 and 2: without IPv4 inside and without a zone. */
function readIpv6(text: string): bigint | null {
  const [front = '', back, another] = text.split('::');
  if (another !== undefined) return null;
  const left = front === '' ? [] : front.split(':');
  const right = back === undefined || back === '' ? [] : back.split(':');
  const missing = 8 - left.length - right.length;
  if (back === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? joined(
        groups.map((group) => BigInt(`0x${group}`)),
        16n,
      )
    : null;
}

function joined(parts: readonly bigint[], bits: bigint): bigint {
  return parts.reduce((value, part) => (value << bits) | part, 0n);
}
