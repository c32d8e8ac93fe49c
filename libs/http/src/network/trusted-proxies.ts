import { BlockList, isIP } from 'node:net';
import { readIp } from './read-ip.ts';

export interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** The largest private networks (RFC 1918 §3, RFC 4193 §3.1): what is wider holds strangers, whose word would be taken. */
export const WIDEST = { ipv4: 8, ipv6: 7 } as const;

/** Where IPv4 lies in IPv6 (RFC 4291 §2.5.5.2), whose addresses are held against both. */
const MAPPED = '::ffff:0:0';
const MAPPED_PREFIX = 96;

/** `10.0.0.0/8`, or one address. Null when it is neither, or wider than `WIDEST`. */
export function readNetwork(text: string): Network | null {
  const [address = '', length, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return null;
  const bits = version === 4 ? 32 : 128;
  if (length !== undefined && !/^(?:0|[1-9][0-9]{0,2})$/.test(length)) return null;
  const prefix = length === undefined ? bits : Number(length);
  const network = { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' } as const;
  return prefix > bits || prefix < widestOf(network) ? null : network;
}

function widestOf(network: Network): number {
  if (network.family === 'ipv4') return WIDEST.ipv4;
  const mapped: Network = { address: MAPPED, prefix: MAPPED_PREFIX, family: 'ipv6' };
  // Two networks share addresses when one lies within the other.
  const overlap =
    holds(listOf([mapped]), network.address) ||
    (network.prefix <= MAPPED_PREFIX && holds(listOf([network]), MAPPED));
  return overlap ? MAPPED_PREFIX + WIDEST.ipv4 : WIDEST.ipv6;
}

/** The proxies whose word is taken: of all of them about who called, of some about the certificate it was done with. */
export class TrustedProxies {
  private readonly list: BlockList;
  private readonly certified: BlockList;

  constructor(
    readonly networks: readonly Network[],
    /** Those that end TLS, take out what callers write into `Client-Cert`, and write it themselves. */
    readonly certificateNetworks: readonly Network[] = [],
  ) {
    this.list = listOf(networks);
    this.certified = listOf(certificateNetworks);
  }

  get isEmpty(): boolean {
    return this.networks.length === 0;
  }

  trusts(ip: string): boolean {
    return holds(this.list, ip);
  }

  /** `peer`: of the connection itself; a proxy that is further away cannot vouch for what arrives here. */
  vouchForCertificates(peer: string | undefined): boolean {
    const ip = peer === undefined || this.certificateNetworks.length === 0 ? null : readIp(peer);
    return ip !== null && holds(this.certified, ip);
  }
}

function listOf(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family);
  return list;
}

function holds(list: BlockList, ip: string): boolean {
  return list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}
