import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { OAuthError, toOAuthResponse, type RefusalReason } from '#core';

/** What Node's parser refuses, before there is a request; anything else is `400`. */
const STATUS: Record<string, { line: string; reason: RefusalReason }> = {
  ERR_HTTP_REQUEST_TIMEOUT: { line: '408 Request Timeout', reason: 'request.malformed' },
  HPE_HEADER_OVERFLOW: { line: '431 Request Header Fields Too Large', reason: 'request.too_large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { line: '413 Content Too Large', reason: 'request.too_large' },
};

const BAD_REQUEST = { line: '400 Bad Request', reason: 'request.malformed' } as const;

/** Answers what is not HTTP, and closes: nobody knows where the next request would begin (RFC 9112 §11.2). */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.destroyed) return;
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const { line, reason } = STATUS[error.code ?? ''] ?? BAD_REQUEST;
  const body = JSON.stringify(toOAuthResponse(new OAuthError(reason)).body);
  socket.end(
    [
      `HTTP/1.1 ${line}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  );
}

/** Is a whole earlier request still being answered on this socket? Then ours would be taken for its answer. */
function isAnswering(socket: Socket): boolean {
  const current: unknown = Reflect.get(socket, '_httpMessage');
  return current instanceof ServerResponse && (current.headersSent || current.req.complete);
}
