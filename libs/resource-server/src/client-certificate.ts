import { createHash } from 'node:crypto';
import { TLSSocket } from 'node:tls';

/** `x5t#S256` (RFC 8705 §3.1): SHA-256 of the DER, base64url. */
export function certificateThumbprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('base64url');
}

/** The certificate that a connection was made with, where TLS ends in this process and a client showed one. */
export function certificateOf(socket: unknown): Uint8Array | null {
  return socket instanceof TLSSocket ? (socket.getPeerX509Certificate()?.raw ?? null) : null;
}
