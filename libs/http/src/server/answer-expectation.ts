import type { IncomingMessage, ServerResponse } from 'node:http';
import { OAuthError, toOAuthResponse } from '#core';

export interface Expectation {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly maxBodyBytes: number;
  /** Hands the request on, as if nothing had been expected. */
  readonly serve: () => void;
}

/** `Expect: 100-continue`: a body that would be refused for its size is not asked for (RFC 9110 §10.1.1). */
export function answerExpectation({ request, response, maxBodyBytes, serve }: Expectation): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) {
    const { status, body } = toOAuthResponse(new OAuthError('request.too_large'));
    response.writeHead(status, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      Connection: 'close',
    });
    response.end(JSON.stringify(body));
    return;
  }
  response.writeContinue();
  serve();
}
