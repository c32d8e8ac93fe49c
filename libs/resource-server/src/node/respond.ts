import type { Refusal } from '../decision.ts';
import type { OpenAnswer } from '../resource-metadata.ts';
import type { ServerResponse } from 'node:http';

/** Ends a response of `node:http` with an answer of the guard's. */
export function respond(response: ServerResponse, answer: OpenAnswer | Refusal): void {
  const { status, headers, body } = answer;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.statusCode = status;
  for (const [name, value] of Object.entries({ 'content-type': 'application/json', ...headers })) {
    response.setHeader(name, value);
  }
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}
