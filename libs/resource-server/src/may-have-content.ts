import type { RawHeaders } from './raw-headers.ts';

/** In HTTP/1 content is announced by one of two headers (RFC 9112 §6); in HTTP/2 it may come unannounced. */
export function mayHaveContent({
  httpVersionMajor,
  rawHeaders,
}: {
  readonly httpVersionMajor: number;
  readonly rawHeaders: RawHeaders;
}): boolean {
  if (httpVersionMajor !== 1) return true;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase();
    if (name === 'content-length' || name === 'transfer-encoding') return true;
  }
  return false;
}
