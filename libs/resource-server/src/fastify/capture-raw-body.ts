import { Readable } from 'node:stream';
import { mayHaveContent } from '../may-have-content.ts';
import { MAX_BODY_BYTES, readRawBody } from '../read-raw-body.ts';
import { refuse } from '../refuse.ts';
import { sendRefusal } from './send-refusal.ts';
import type { FastifyInstanceShape, FastifyReplyShape, FastifyRequestShape } from './fastify-shapes.ts';

const bodies = new WeakMap<object, Buffer>();

/**
 * Keeps the bytes of each request's content as they came, for a guard that runs after parsing (Nest). Register it
 * before any plugin that unpacks bodies. The route's `bodyLimit` is the cap.
 */
export function captureRawBody(instance: FastifyInstanceShape): void {
  instance.addHook('preParsing', (...[request, reply, payload, done]) => {
    takeRawBody(request, reply, payload).then(
      (taken) => taken !== null && done(null, taken.payload),
      (failure: Error) => done(failure),
    );
  });
}

/**
 * The captured bytes of a request.
 *
 * Fails  Error when nothing captured them: a guard must not mistake that for a request without a body
 */
export function rawBodyOf({ raw }: FastifyRequestShape): Buffer {
  const bytes = bodies.get(raw);
  if (bytes === undefined) throw new Error('captureRawBody was not called on this Fastify instance');
  return bytes;
}

/** Reads the content and puts the same bytes back for the parser. Null when it was too large and that has been said. */
export async function takeRawBody(
  request: FastifyRequestShape,
  reply: FastifyReplyShape,
  payload: Readable,
): Promise<{ bytes: Buffer; payload: Readable } | null> {
  const isEmpty = !mayHaveContent(request.raw);
  const bytes = isEmpty
    ? Buffer.alloc(0)
    : await readRawBody(payload, request.routeOptions.bodyLimit ?? MAX_BODY_BYTES);
  if (bytes === null) {
    sendRefusal(reply, refuse('body_too_large'));
    return null;
  }
  bodies.set(request.raw, bytes);
  // Fastify holds `receivedEncodedLength` against Content-Length.
  const again = Object.assign(Readable.from([bytes], { objectMode: false }), {
    receivedEncodedLength: bytes.length,
  });
  return { bytes, payload: isEmpty ? payload : again };
}
