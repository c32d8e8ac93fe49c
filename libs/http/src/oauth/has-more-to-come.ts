import type { IncomingMessage } from 'node:http';

/** An honest client's rest of a body is small; anything else is not waited for. */
const WAITED_FOR_BYTES = 65_536;

/** Is so much of the request still on its way that its connection had better be closed? */
export function hasMoreToCome({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  return (
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > WAITED_FOR_BYTES
  );
}
