import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { headerValues, OAuthError, type PresentedCertificate } from '#core';
import type { TrustedProxies } from './trusted-proxies.ts';

/** As DER is written in a structured field (RFC 8941 §3.3.5): canonical base64 between colons. */
const BYTE_SEQUENCE = /^:([A-Za-z0-9+/]{4,16384}={0,2}):$/;

const MAX_CHAIN = 4;

/**
 * The certificate that the connection was made with: as our own TLS has seen it or, where TLS ends at a proxy of ours,
 * as that one says. `Client-Cert` of anybody else is what a stranger wrote, and not looked at; so are all other headers
 * of this kind, whoever sends them.
 *
 * Fails  request.malformed for what a proxy of ours sends twice, or otherwise than RFC 9440 has it
 * Spec   RFC 9440 §2
 */
export function clientCertificate(
  { rawHeaders, socket }: { readonly rawHeaders: readonly string[]; readonly socket: Socket },
  proxies: TrustedProxies,
): PresentedCertificate | null {
  if (socket instanceof TLSSocket) return ofConnection(socket);
  if (!proxies.vouchForCertificates(socket.remoteAddress)) return null;
  const [leaf, another] = headerValues({ rawHeaders }, 'client-cert');
  const chain = headerValues({ rawHeaders }, 'client-cert-chain').flatMap((field) => field.split(','));
  if (another !== undefined) throw malformed('two Client-Cert headers');
  if (leaf === undefined) {
    if (chain.length > 0) throw malformed('a Client-Cert-Chain without Client-Cert');
    return null;
  }
  if (chain.length > MAX_CHAIN) throw malformed('Client-Cert-Chain is too long');
  return { der: readBytes(leaf), chain: chain.map(readBytes) };
}

function ofConnection(socket: TLSSocket): PresentedCertificate | null {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  const chain: Buffer[] = [];
  let { issuerCertificate: issuer } = certificate;
  while (issuer !== undefined && chain.length < MAX_CHAIN) {
    chain.push(issuer.raw);
    issuer = issuer.issuerCertificate;
  }
  return { der: certificate.raw, chain };
}

function readBytes(item: string): Uint8Array {
  const [, base64] = BYTE_SEQUENCE.exec(item.trim()) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  if (base64 === undefined || bytes.toString('base64') !== base64) {
    throw malformed('Client-Cert is not a byte sequence of RFC 8941');
  }
  return bytes;
}

function malformed(detail: string): OAuthError {
  return new OAuthError('request.malformed', detail);
}
