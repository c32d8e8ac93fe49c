import { certificateOf } from '../client-certificate.ts';
import type { Grant } from '../decision.ts';
import { rememberGrant } from '../grant-of.ts';
import type { Guard } from '../guard-with.ts';
import { mayHaveContent } from '../may-have-content.ts';
import { MAX_BODY_BYTES, readRawBody } from '../read-raw-body.ts';
import { refuse } from '../refuse.ts';
import { metadataAnswer } from '../resource-metadata.ts';
import { respond } from './respond.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a handler of `node:http` needs besides: the content has been read, since the token is for these bytes. */
export interface Admitted {
  readonly grant: Grant;
  /** As it came, before any decoding; empty when there was none. */
  readonly body: Buffer;
}

export interface OncekeyHttpOptions {
  readonly guard: Guard;
  /** Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** The catalog operation that this handler carries out, where it is one. */
  readonly operation?: string;
}

/**
 * A listener for `createServer` of `node:http`: the handler runs for requests that brought a token for exactly what
 * they ask. The resource metadata is served beside it.
 */
export function oncekeyHttp(
  { guard, maxBodyBytes = MAX_BODY_BYTES, operation }: OncekeyHttpOptions,
  handler: (request: IncomingMessage, response: ServerResponse, admitted: Admitted) => void | Promise<void>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const { method = '', url: rawUrl = '', rawHeaders } = request;
    const open = metadataAnswer(guard.metadata, { method, rawUrl });
    if (open !== null) return respond(response, open);
    const body = await contentOf(request, maxBodyBytes);
    if (body === 'broken_off') return void response.destroy();
    if (body === 'too_large') return respond(response, refuse('body_too_large'));

    const clientCertificate = certificateOf(request.socket);
    const decision = await guard.check({
      method,
      rawUrl,
      rawHeaders,
      rawBody: body,
      clientCertificate,
      operation,
    });
    if (!decision.granted) return respond(response, decision.refusal);
    rememberGrant(request, decision.grant);
    await handler(request, response, { grant: decision.grant, body });
  };
}

async function contentOf(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | 'too_large' | 'broken_off'> {
  if (!mayHaveContent(request)) return Buffer.alloc(0);
  try {
    return (await readRawBody(request, maxBytes)) ?? 'too_large';
  } catch {
    // Nobody is there to hear of it.
    return 'broken_off';
  }
}
